import type { ConditionInfo, Namespace, UAAlarmConditionEx, UAObject, UAVariable } from 'node-opcua';
import type { ServerLibrary } from '../server.ts';
import type { ServedAlarm } from './description.ts';

/** The variable that an alarm watches and the object whose condition it is. */
export interface AlarmPlace {
  source: UAObject;
  input: UAVariable;
}

/**
 * Adds an alarm of its source, which the source names by HasCondition only, so that browsing shows variables and not
 * the forty of a condition: acknowledgeable and confirmable, with the severity of its description. What came and
 * went before it was acknowledged stays to be acknowledged as a branch of its own (OPC 10000-9, 5.5.2).
 */
export function addAlarm(
  ua: ServerLibrary,
  namespace: Namespace,
  { source, input }: AlarmPlace,
  alarm: ServedAlarm,
): void {
  const common = {
    browseName: alarm.name,
    nodeId: `ns=${namespace.index};s=${String(source.nodeId.value)}/${alarm.name}`,
    conditionSource: source,
    conditionName: alarm.name,
    inputNode: input,
    optionals: ['ConfirmedState', 'Confirm'],
  };
  const node =
    alarm.kind === 'limit'
      ? namespace.instantiateNonExclusiveLimitAlarm('NonExclusiveLimitAlarmType', {
          ...common,
          highLimit: alarm.high,
          highHighLimit: alarm.highHigh,
          lowLimit: -1e9,
          optionals: [...common.optionals, 'HighState', 'HighHighState'],
        })
      : namespace.instantiateOffNormalAlarm({ ...common, normalState: normalState(ua, namespace, input) });
  node.sourceName.setValueFromSource({ dataType: ua.DataType.String, value: source.browseName.name });
  describeChanges(ua, node, `${source.browseName.name ?? ''}: ${alarm.name}`, alarm);
}

/** A property that is always false: what the input is when all is well. */
function normalState(ua: ServerLibrary, namespace: Namespace, input: UAVariable): UAVariable {
  return namespace.addVariable({
    propertyOf: input,
    nodeId: `${input.nodeId.toString()}/Normal`,
    browseName: 'Normal',
    dataType: 'Boolean',
    value: { dataType: ua.DataType.Boolean, value: false },
  });
}

function describeChanges(ua: ServerLibrary, node: UAAlarmConditionEx, what: string, { severity }: ServedAlarm): void {
  node.calculateConditionInfo = (_state, isActive, value): ConditionInfo =>
    new ua.ConditionInfo({
      message: isActive ? `${what}${Number.isFinite(Number(value)) ? ` ${value}` : ''}` : `${what} is over`,
      quality: ua.StatusCodes.Good,
      retain: isActive,
      severity: isActive ? severity : 1,
    });
}
