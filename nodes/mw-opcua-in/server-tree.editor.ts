import { button, type DialogText } from '../shared/dialog.editor.ts';

/** A variable that a person picked on the server. */
export interface PickedVariable {
  /** In `nsu=` form, and by the namespace's present index. */
  nodeId: string;
  indexedNodeId: string;
  path: string[];
}

/** What the browse route answers, one per child. */
interface Child {
  nodeId: string;
  indexedNodeId: string;
  name: string;
  isVariable: boolean;
  hasChildren: boolean;
}
interface Found {
  variables: PickedVariable[];
  complete: boolean;
}
/** An item of Node-RED's tree, with what it stands for. */
interface TreeItem {
  label: string;
  icon: string;
  checkbox?: boolean;
  selected?: boolean;
  children?: TreeItem[] | ((done: (children: TreeItem[]) => void) => void);
  picked: PickedVariable;
  isVariable: boolean;
}
interface TreeWidget extends JQuery {
  treeList(options: { data: TreeItem[]; autoSelect: boolean; ariaLabel: string }): TreeWidget;
  treeList(method: 'data', items: TreeItem[]): TreeWidget;
}

/**
 * Draws the server's address space as a tree with a search: ticking a variable picks it, ticking an object picks all
 * variables below it.
 * @param endpoint id of the endpoint chosen in the dialog
 * @param pick takes the picked ones and says how many of them were new
 */
export function openServerTree(
  text: DialogText,
  endpoint: () => string,
  pick: (variables: PickedVariable[]) => number,
): JQuery {
  const picked = new Map<string, TreeItem>();
  const note = $('<div aria-live="polite">').css({ minHeight: '20px', margin: '4px 0' });
  const search = $('<input type="search">')
    .attr({ placeholder: text('search'), 'aria-label': text('search') })
    .css({ width: '230px' });
  const box = $('<div>').css({ height: '260px', position: 'relative' });
  const tree = ($('<div>') as TreeWidget).css({ width: '100%', height: '100%' });
  box.append(tree);
  const add = button(text('addTicked'), 'plus', () => void takeTicked());

  function get<T>(route: string, query: Record<string, string>): Promise<T> {
    return new Promise((resolve) => {
      $.getJSON(`millwright/opcua/${endpoint()}/${route}`, query)
        .done((answer: T) => {
          note.text('');
          resolve(answer);
        })
        .fail((request: JQuery.jqXHR) => {
          const { message } = (request.responseJSON ?? {}) as { message?: string };
          note.text(
            request.status === 404 ? text('deployFirst') : text('failed', { reason: message ?? request.statusText }),
          );
        });
    });
  }

  function itemOf(child: Child, path: string[]): TreeItem {
    const here = [...path, child.name];
    const item: TreeItem = {
      label: child.name,
      icon: child.isVariable ? 'fa fa-tag' : 'fa fa-cube',
      checkbox: true,
      picked: { nodeId: child.nodeId, indexedNodeId: child.indexedNodeId, path: here },
      isVariable: child.isVariable,
    };
    if (child.hasChildren) item.children = loader(item, child.nodeId, here);
    return item;
  }

  function loader(item: TreeItem, nodeId: string, path: string[]) {
    return (done: (children: TreeItem[]) => void) => {
      void get<Child[]>('browse', { nodeId }).then((children) => {
        const items = children.map((child) => itemOf(child, path));
        item.children = items;
        done(items);
      });
    };
  }

  async function browse(): Promise<void> {
    note.text(text('browsing'));
    const children = await get<Child[]>('browse', {});
    picked.clear();
    tree.treeList(
      'data',
      children.map((child) => itemOf(child, [])),
    );
    if (children.length === 0) note.text(text('none'));
    showPicked();
  }

  async function find(): Promise<void> {
    const words = String(search.val()).trim();
    if (words === '') return browse();
    note.text(text('browsing'));
    const { variables, complete } = await get<Found>('find', { text: words });
    picked.clear();
    tree.treeList(
      'data',
      variables.map((variable) => ({
        label: variable.path.join(' / '),
        icon: 'fa fa-tag',
        checkbox: true,
        picked: variable,
        isVariable: true,
      })),
    );
    note.text(text(complete ? 'found' : 'foundSome', { count: String(variables.length) }));
    showPicked();
  }

  function showPicked(): void {
    add.prop('disabled', picked.size === 0);
  }

  /** Ticked objects stand for all variables below them; those are asked of the server. */
  async function takeTicked(): Promise<void> {
    const variables: PickedVariable[] = [];
    let more = '';
    for (const { picked: place, isVariable } of picked.values()) {
      if (isVariable) variables.push(place);
      else {
        note.text(text('browsing'));
        const below = await get<Found>('find', { nodeId: place.nodeId });
        variables.push(...below.variables.map((found) => ({ ...found, path: [...place.path, ...found.path] })));
        if (!below.complete) more = text('foundSome', { count: String(below.variables.length) });
      }
    }
    const added = pick(variables);
    const counts = { count: String(added), known: String(variables.length - added) };
    note.text([more, text('added', counts)].filter(Boolean).join(' · '));
  }

  tree.treeList({ data: [], autoSelect: false, ariaLabel: text('browse') });
  tree.on('treelistselect', (_event: unknown, item: Partial<TreeItem>) => {
    // The widget also tells that its items were replaced, with nothing in them.
    if (!isPlace(item)) return;
    if (item.selected) picked.set(item.picked.nodeId, item);
    else picked.delete(item.picked.nodeId);
    showPicked();
  });
  search.on('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    void find();
  });
  search.on('search', () => {
    if (search.val() === '') void browse();
  });
  showPicked();
  void browse();
  return $('<div>').append(
    $('<div class="mw-tag-bar">').append(
      search,
      button(text('find'), 'search', () => void find()),
      button(text('reload'), 'refresh', () => void browse(), true),
      add,
    ),
    note,
    box,
  );
}

function isPlace(item: Partial<TreeItem>): item is TreeItem {
  return item.picked !== undefined;
}
