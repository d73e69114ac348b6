/** What people say before a question: greetings, who wants to know, how short it is. */
const openings =
  /^(?:(?:hi|hello|hallo|hey|moin|servus|gruess gott|guten (?:morgen|tag|abend)|good (?:morning|afternoon|evening))(?: (?:there|all|everyone|everybody|team|zusammen|leute|kollegen))?|(?:just |nur )?(?:a |an |eine |ne )?(?:quick|short|brief|small|kurze|schnelle|kleine) (?:question|query|one|frage|zwischenfrage)|(?:my|the|our|der|die|mein|meine|unser|unsere) (?:boss|manager|supervisor|chef|chefin|meister|vorgesetzter) (?:wants to know|needs to know|would like to know|wants to see|will wissen|moechte wissen|muss wissen)|(?:any idea|no idea|do you happen to know|weisst du|wissen sie|weiss jemand)(?: zufaellig)?|mich wuerde (?:mal |auch )?interessieren|ich (?:haette|braeuchte|wuesste|wollte) (?:gern|gerne|mal|bitte|noch|nur|kurz)?(?: (?:wissen|sehen|mal|kurz|bitte|noch))*|ich wuerde (?:gern|gerne) (?:wissen|sehen)|sorry(?: to bother you| for bothering you)?|excuse me|entschuldigung|entschuldige|bitte|please|ok|okay|so|also|na|well|tell me|sag mal)(?: |$)/;

/** What people say after one. */
const closings =
  /(?:^| )(?:thanks|thank you|thx|cheers|many thanks|(?:vielen|besten|herzlichen|lieben|schoenen|tausend) dank|dank|danke|danke schoen|dankeschoen)(?: (?:a lot|so much|very much|in advance|a million|again|you|im voraus|schoen|sehr|dir|ihnen|schon mal|vielmals))*$/;
const asides = / (?:please|bitte|if possible|if you can|wenn moeglich|falls moeglich|asap|for me|fuer mich)$/;

/** Takes the courtesies off both ends of a normalised question; what is nothing else stays as it is. */
export function withoutCourtesies(text: string): string {
  let rest = text;
  for (let turn = 0; turn < 4; turn++) {
    const shorter = rest.replace(openings, '').replace(closings, '').replace(asides, '').trim();
    if (shorter === rest || shorter === '') break;
    rest = shorter;
  }
  return rest;
}
