import type { MetricPhrases } from './phrases.ts';

/**
 * English phrases by metric, written for the second judge alone. `nouns` go into every frame; `asks` are whole
 * clauses in which `@` stands for a place, `WHO` for the one that did it and `WHEN` for a time.
 */
export const englishPhrases: MetricPhrases = {
  reject_rate: {
    nouns: `reject rate|rejection rate|rejects rate|reject ratio|reject percentage|rejection ratio|share of rejects|share of rejected parts|proportion of rejects|percentage of rejects|percentage of rejected parts|fraction of bad parts|bad part rate|share of bad parts|defective rate|nok rate|ng rate|nok ratio|percent rejects|rejects in percent|fraction defective|failure rate of parts|non conforming rate|error rate|defect rate|fallout rate`,
    asks: `what share of parts was rejected @ WHEN|what percentage of parts was bad @ WHEN|what percent of the parts did not pass @ WHEN|how many percent of the parts were rejects @ WHEN|how big is the share of bad pieces @ WHEN|what fraction of our production was rejected @ WHEN|how many percent did we reject @ WHEN|what proportion of pieces failed @ WHEN`,
  },
  scrap_rate: {
    nouns: `scrap rate|scrap ratio|scrap percentage|scrap quota|share of scrap|proportion of scrap|percentage of scrap|percent scrap|scrap in percent|scrapped share|fraction scrapped|scrap share|relative scrap`,
    asks: `what percentage of parts was scrapped @ WHEN|what share of parts was scrapped @ WHEN|how many percent scrap did WHO have WHEN|how many percent of the pieces went to scrap @ WHEN|what fraction of parts ended in the bin @ WHEN`,
  },
  rework_rate: {
    nouns: `rework rate|rework ratio|rework percentage|share of rework|share of reworked parts|percentage of rework|percentage reworked|percent rework|rework quota|proportion of rework|rework in percent`,
    asks: `what share of parts had to be reworked @ WHEN|what percentage of parts went to rework @ WHEN|how many percent were reworked @ WHEN`,
  },
  first_pass_yield: {
    nouns: `first pass yield|fpy|first time yield|fty|first time right|first time right rate|first pass rate|first time through|ftt|right first time|rft|yield|throughput yield|process yield|first time quality|first run yield`,
    asks: `what share of parts was good the first time @ WHEN|how many percent passed at the first attempt @ WHEN|how much was right first time @ WHEN|what percentage was ok without rework @ WHEN|what yield did WHO reach WHEN`,
  },
  quality: {
    nouns: `quality|quality rate|quality ratio|quality factor|quality level|quality figure|quality score|quality index|quality percentage|quality component of oee`,
    asks: `how good was the quality @ WHEN|how was quality @ WHEN|what was our quality like @ WHEN|how is quality doing @ WHEN`,
  },
  reject_count: {
    nouns: `rejects|rejected parts|reject count|number of rejects|bad parts|number of bad parts|reject quantity|nok parts|ng parts|rejected pieces|bad pieces|defective parts|defective units|non conforming parts|faulty parts|faulty pieces|amount of rejects|total rejects|not ok parts`,
    asks: `how many rejects were there @ WHEN|how many parts were rejected @ WHEN|how many bad parts did WHO make WHEN|how many parts did WHO reject WHEN|how many faulty parts came off WHO WHEN|how many parts were not ok @ WHEN|how many defective parts did we get @ WHEN|how many pieces failed @ WHEN|how many parts were no good @ WHEN|how many rejects did WHO have WHEN|how many pieces did not pass @ WHEN`,
  },
  scrap_count: {
    nouns: `scrap|scrapped parts|scrap count|scrap quantity|number of scrapped parts|scrapped pieces|scrap parts|scrap pieces|amount of scrap|total scrap|scrap volume|scrap units|scrapped units|pieces scrapped|waste parts`,
    asks: `how much scrap did WHO produce WHEN|how much scrap was there @ WHEN|how many parts were scrapped @ WHEN|how many pieces did we scrap @ WHEN|how many parts did we throw away @ WHEN|how many parts ended up in the bin @ WHEN|how much was scrapped @ WHEN|how many parts had to be thrown out @ WHEN|how much scrap did WHO have WHEN|how many pieces were binned @ WHEN|how many parts did WHO scrap WHEN|how much waste did WHO make WHEN`,
  },
  rework_count: {
    nouns: `rework|reworked parts|rework count|rework quantity|number of reworked parts|parts to rework|rework parts|rework pieces|reworked pieces|amount of rework|total rework|parts sent to rework`,
    asks: `how many parts went to rework @ WHEN|how many parts had to be reworked @ WHEN|how much rework was there @ WHEN|how much rework did WHO have WHEN|how many pieces were reworked @ WHEN|how many parts needed fixing @ WHEN|how many parts did we have to touch up @ WHEN|how many parts did WHO send to rework WHEN`,
  },
  defect_count: {
    nouns: `defects|defect count|number of defects|defects found|inspection failures|found defects|failed inspections|cracks|scratches|burrs|porosity defects|dimension defects|missing part defects|cracked parts found|porosity|scratch defects|burr defects|number of cracks|number of scratches|number of burrs|defects of type crack|dimensional defects`,
    asks: `how many defects were found @ WHEN|how many cracks were found @ WHEN|how many scratches did we see @ WHEN|how many burrs did inspection find @ WHEN|how many inspections failed @ WHEN|how often did we find porosity @ WHEN|how often did a part go missing in assembly @ WHEN|how many parts had scratches @ WHEN|how many parts with cracks @ WHEN|how many dimension errors were there @ WHEN|how many defects did the camera see @ WHEN`,
  },
  good_count: {
    nouns: `good parts|good pieces|good count|good quantity|good part count|number of good parts|ok parts|io parts|good units|good output|parts ok|accepted parts|conforming parts|net output|good production|yielded parts`,
    asks: `how many good parts were made @ WHEN|how many good parts did WHO produce WHEN|how many ok parts came off WHO WHEN|how many parts were good @ WHEN|how many parts passed @ WHEN|how many good ones did WHO make WHEN|how many usable pieces did we get @ WHEN|how many parts were accepted @ WHEN|how many flawless parts did WHO make WHEN`,
  },
  output: {
    nouns: `output|production|total output|production output|production volume|produced quantity|quantity produced|parts produced|parts made|piece count|part count|number of parts|pieces made|production count|total production|units produced|units made|volume|production figures|parts count|production quantity|number of pieces`,
    asks: `how many parts did WHO make WHEN|how many parts did WHO make @ WHEN|how many parts has WHO produced WHEN|how many parts did WHO produce WHEN|how many pieces did WHO make WHEN|how many parts were produced @ WHEN|how many parts were made @ WHEN|how much did WHO produce WHEN|how much did we make @ WHEN|how many parts came off WHO WHEN|what did WHO produce WHEN|how many units were built @ WHEN|how many parts has WHO made WHEN|how many pieces have we finished @ WHEN|how many products did we manufacture @ WHEN|how many parts ran through WHO WHEN|what was produced @ WHEN|what did we make @ WHEN|how many pumps did WHO build WHEN|how many housings did WHO turn out WHEN|how many impellers were made @ WHEN|how many shafts did we produce WHEN|how many brackets were made WHEN|how many parts did we run @ WHEN|how many did WHO make WHEN`,
  },
  throughput: {
    nouns: `throughput|throughput rate|parts per hour|pieces per hour|production rate|hourly rate|hourly output rate|parts an hour|pph|uph|units per hour|production speed|pieces per machine hour|parts per machine hour|run rate|output rate|jobs per hour`,
    asks: `how many parts per hour did WHO make WHEN|how many pieces an hour does WHO do WHEN|how fast did WHO produce WHEN|how many parts an hour @ WHEN|at what rate did WHO produce WHEN|how many units per hour did WHO reach WHEN`,
  },
  cycle_time: {
    nouns: `cycle time|average cycle time|mean cycle time|cycle times|actual cycle time|seconds per part|time per part|time per piece|processing time per part|machining time per part|ct|run time per part|seconds per piece|part cycle`,
    asks: `how long does a part take @ WHEN|how long did one part take @ WHEN|how many seconds does one piece need @ WHEN|how long does WHO need for one part WHEN|how much time did a piece take @ WHEN|how fast is a cycle @ WHEN|how many seconds per part @ WHEN`,
  },
  wip: {
    nouns: `wip|work in progress|work in process|jobs in progress|open jobs on the floor|started jobs|jobs in process|running jobs|jobs running|jobs on the machines|in process inventory|jobs under way|unfinished jobs`,
    asks: `how many jobs are running WHEN|how many jobs are in progress @ WHEN|how many jobs are in process @|how much wip do we have @ WHEN|how much work is in progress @|how many job orders are started @|how many operations are under way @`,
  },
  downtime: {
    nouns: `downtime|down time|stop time|stoppage time|time lost|lost time|standstill|standstill time|unplanned downtime|outage time|idle time due to stops|machine downtime|total downtime|minutes down|hours down|hours of downtime|minutes of downtime|lost minutes|duration of stops|stop duration|downtime minutes|downtime hours|time down|downtime due to breakdowns|downtime due to tool change|downtime because of material shortage|downtime for cleaning|downtime caused by missing operators|breakdown time|cleaning time|time lost to quality holds|downtime from setup|downtime because of no operator|no operator downtime|downtime due to missing material|downtime due to failures|stops in minutes|downtime due to quality holds`,
    asks: `how long was WHO down WHEN|how long did WHO stand still WHEN|how long did WHO stop WHEN|how many minutes was WHO down WHEN|how many hours was WHO down WHEN|how much time did we lose @ WHEN|how long were the machines stopped @ WHEN|how much production time was lost @ WHEN|how much time did WHO lose to breakdowns WHEN|how long did we wait for material @ WHEN|how much time went into cleaning @ WHEN|how many hours did we lose because of tool changes @ WHEN|how long was WHO not running WHEN|how much time did WHO spend waiting for an operator WHEN|how long was WHO out of order WHEN|how much downtime did WHO have WHEN|how much downtime was there @ WHEN|how long were we stopped for quality holds @ WHEN|how many minutes did tool changes cost us @ WHEN|how much did WHO stand WHEN|how many minutes were lost to material shortage @ WHEN`,
  },
  stop_count: {
    nouns: `stops|number of stops|stoppages|number of stoppages|stop count|count of stops|downtime events|number of downtime events|breakdowns|number of breakdowns|breakdown count|failures|number of failures|interruptions|standstills|machine stops|outages|number of tool changes|number of material shortages|cleaning stops|line stops|stop events|halts|unplanned stops|malfunctions|disruptions of production|no operator stops|stops because of no operator|stops due to tool changes|breakdown events|number of stops due to material shortage`,
    asks: `how many stops did WHO have WHEN|how often did WHO stop WHEN|how many times did WHO stop WHEN|how many times was WHO down WHEN|how often was WHO down WHEN|how many breakdowns were there @ WHEN|how often did WHO break down WHEN|how many breakdowns did WHO have WHEN|how many times did WHO fail WHEN|how many failures were there @ WHEN|how often did we change tools @ WHEN|how many tool changes were there @ WHEN|how many interruptions did WHO have WHEN|how often were we out of material @ WHEN|how often did we have a material shortage @ WHEN|how many stoppages did WHO see WHEN|how many times did production halt @ WHEN|how often was an operator missing @ WHEN|how many times was WHO cleaned WHEN|how many quality holds did we have @ WHEN`,
  },
  mtbf: {
    nouns: `mtbf|mean time between failures|mean time between failure|average time between failures|time between failures|average time between breakdowns|mean time between breakdowns|mean operating time between failures|failure interval|reliability as mtbf`,
    asks: `how long does WHO run between breakdowns WHEN|how long did WHO run on average between failures WHEN|how much time passes between breakdowns @ WHEN|how long does WHO usually run before it breaks WHEN`,
  },
  mttr: {
    nouns: `mttr|mean time to repair|mean repair time|average repair time|repair time|mean time to restore|average time to repair|mean time to recovery|average breakdown duration|average duration of a breakdown|typical repair time`,
    asks: `how long does a repair take @ WHEN|how long does it take on average to repair WHO WHEN|how long did repairs take on average @ WHEN|how quickly is WHO repaired WHEN|how long does a breakdown last on average @ WHEN|how fast do we get WHO running again after a breakdown WHEN`,
  },
  setup_time: {
    nouns: `setup time|set up time|set-up time|changeover time|change over time|total setup time|time for setups|time spent on setup|retooling time|setup minutes|setup hours|setup duration|changeover duration|changeover minutes|time in setup|hours of setup`,
    asks: `how long did setups take @ WHEN|how much time did we spend on changeovers @ WHEN|how long did WHO need for setup WHEN|how many minutes were spent on setup @ WHEN|how much time went into changeovers @ WHEN|how long did the changeovers take @ WHEN|how long was WHO in setup WHEN|how many hours did WHO spend on setups WHEN|how much time did setup cost @ WHEN`,
  },
  changeover_count: {
    nouns: `changeovers|number of changeovers|setups|number of setups|changeover count|setup count|count of changeovers|number of set-ups|change overs|number of conversions|product changes|retoolings|setup operations`,
    asks: `how many changeovers did WHO have WHEN|how many changeovers were there @ WHEN|how often was WHO set up WHEN|how many setups did we do @ WHEN|how many times did we change over @ WHEN|how often did we change over @ WHEN|how many times was WHO set up WHEN|how often was WHO converted WHEN|how often did WHO change product WHEN|how many set-ups took place @ WHEN`,
  },
  availability: {
    nouns: `availability|availability rate|uptime|machine availability|availability ratio|technical availability|up time|availability factor|availability percentage|uptime percentage|equipment availability`,
    asks: `how available was WHO WHEN|what percentage of the time was WHO running WHEN|how much of the time was WHO up WHEN|what share of planned time did WHO run WHEN|how high was uptime @ WHEN|how many percent of the time was WHO available WHEN`,
  },
  performance: {
    nouns: `performance|performance rate|effectiveness|performance ratio|performance factor|speed factor|performance efficiency|speed loss factor|performance component|performance level|performance degree|performance percentage`,
    asks: `how high was performance @ WHEN|how fast did WHO run compared with the ideal speed WHEN|did WHO run at its rated speed WHEN|what performance did WHO reach WHEN`,
  },
  oee: {
    nouns: `oee|overall equipment effectiveness|overall equipment efficiency|equipment effectiveness|oee value|oee figure|oee score|oee percentage|o e e|oee number|plant effectiveness|oee index`,
    asks: `how high was oee @ WHEN|what oee did WHO have WHEN|what oee did WHO reach WHEN|how was oee @ WHEN|where did oee end up @ WHEN|how effective was the equipment @ WHEN|how is our oee @ WHEN`,
  },
  energy: {
    nouns: `energy|energy consumption|energy use|energy usage|power consumption|electricity|electricity consumption|electricity use|kwh|kilowatt hours|power use|power usage|consumed energy|energy consumed|energy demand|current consumption in kwh|electric energy|energy used`,
    asks: `how much energy did WHO use WHEN|how much energy did WHO consume WHEN|how much power did WHO draw WHEN|how many kwh did WHO use WHEN|how much electricity was used @ WHEN|how many kilowatt hours did WHO need WHEN|how much electricity did WHO burn WHEN|how much power was consumed @ WHEN`,
  },
  on_time_delivery: {
    nouns: `on time delivery|on-time delivery|otd|delivery performance|delivery reliability|on time rate|otif|schedule adherence of deliveries|delivery punctuality|on time percentage|due date adherence|delivery on time rate|due date performance|share of orders on time`,
    asks: `how many percent of the orders were on time WHEN|what share of orders did we deliver on time WHEN|how punctual are we WHEN|how reliable were our deliveries WHEN|what percentage of orders was delivered on time WHEN|how many percent of our deliveries were punctual WHEN|did we deliver on time WHEN`,
  },
  late_orders: {
    nouns: `late orders|overdue orders|delayed orders|orders late|number of late orders|orders behind schedule|orders past due|past due orders|number of delayed orders|backlog of late orders|orders overdue|tardy orders|orders that missed their due date|orders running late`,
    asks: `how many orders are late WHEN|how many orders are overdue WHEN|how many orders missed their due date WHEN|how many orders were late WHEN|are any orders overdue|do we have late orders WHEN|are there late orders WHEN|how many orders are behind schedule|how many orders were not finished in time WHEN|how many orders were delivered too late WHEN|how many customer orders are delayed`,
  },
  plan_attainment: {
    nouns: `plan attainment|schedule attainment|plan adherence|schedule adherence|plan fulfilment|plan fulfillment|production plan attainment|plan achievement|adherence to plan|schedule compliance|attainment of the plan|plan compliance|plan completion`,
    asks: `how much of the plan did WHO achieve WHEN|how well did WHO meet the plan WHEN|did WHO keep to the plan WHEN|what share of planned jobs was finished @ WHEN|how many percent of the plan was reached @ WHEN|how closely did we follow the schedule @ WHEN|how much of the schedule was done @ WHEN|did we meet the plan @ WHEN`,
  },
  machine_state: {
    nouns: `machine state|machine states|machine status|state of the machine|status of the machines|equipment state|equipment status|machines down now|machines running now|idle machines|state of cnc-22|status of press-41`,
    asks: `which machines are down right now|which machines are down|which machines are running|which machines are idle now|how many machines are down|how many machines are running right now|how many machines are idle on line 1|list the machines that are down|list machines that are down now|is cnc-22 running|is cnc-22 down|is press-41 idle|what state is cnc-31 in|what is cnc-22 doing right now|what is the state of cnc-31|are any machines down|show the state of all machines`,
  },
  order_status: {
    nouns: `order status|status of the order|state of the order|order state|status of order wo-26010|status of wo-26042|state of order 26001|open orders|number of open orders|orders in progress|running orders|released orders|finished orders|completed orders|held orders|orders on hold|cancelled orders|unfinished orders|number of orders|order count|orders`,
    asks: `what is the status of order wo-26010|where is order wo-26010|how far is order wo-26042|is wo-26010 finished|is order wo-26001 done|how many open orders do we have|how many orders are open|how many orders are running WHEN|how many orders are on hold|how many orders are still open for aqua systems|what state is wo-26042 in|what about order wo-26010|show me order wo-26010|has order wo-26042 been completed|how many orders did we complete WHEN|how many orders were finished WHEN|how many orders have been cancelled WHEN|which state has order 26042|how is order wo-26010 coming along`,
  },
};

/** Clauses with a form of their own: metric, shape, groups, clauses. */
export const englishForms: readonly (readonly [metric: string, shape: string, groups: string, clauses: string])[] = [
  [
    'late_orders',
    'list',
    '',
    `which orders are late|which orders are overdue|which orders are behind schedule|which orders are delayed WHEN|show all late orders by order|which customer orders missed their due date WHEN|what orders are late`,
  ],
  [
    'late_orders',
    'breakdown',
    'customer',
    `which customers have late orders|late orders by customer|overdue orders per customer|for which customers are we late`,
  ],
  [
    'late_orders',
    'top',
    'customer',
    `which customer has the most late orders|which customer is hit most by late orders`,
  ],
  [
    'order_status',
    'list',
    '',
    `list open orders|list all open orders|show me all open orders|which orders are open|orders due this week|what orders are due this week|which orders are due WHEN|list the orders of aqua systems|which orders are running WHEN|which orders are on hold|list all orders on hold|what orders does borg pumps have|show the open orders of borg pumps|list orders for ph-100|which orders do we have for ph-200|which orders were completed WHEN|orders due today`,
  ],
  [
    'downtime',
    'top',
    'reason',
    `what was the main reason for downtime @ WHEN|top downtime reasons @ WHEN|top 5 downtime reasons WHEN|why did we lose most time @ WHEN|what caused the most downtime @ WHEN|which reason cost us most time @ WHEN|biggest downtime causes @ WHEN|what stopped WHO most WHEN|main causes of downtime @ WHEN|which 3 reasons caused most downtime WHEN|what was the biggest loss of time @ WHEN|what kept WHO from running most WHEN|the three biggest time losses @ WHEN`,
  ],
  [
    'stop_count',
    'top',
    'reason',
    `most frequent stop reason @ WHEN|which reason occurs most often @ WHEN|what was the most common reason for stops @ WHEN|most common stop cause @ WHEN|top stop reasons by number @ WHEN`,
  ],
  [
    'downtime',
    'breakdown',
    'reason',
    `downtime by reason @ WHEN|downtime reasons @ WHEN|reasons for downtime @ WHEN|what were the reasons for downtime @ WHEN|what did WHO stand still for WHEN|downtime split by cause @ WHEN|pareto of downtime @ WHEN|downtime pareto @ WHEN|which reasons led to downtime @ WHEN|break down the downtime by reason @ WHEN`,
  ],
  [
    'stop_count',
    'breakdown',
    'reason',
    `stops by reason @ WHEN|number of stops per reason @ WHEN|how many stops for each reason @ WHEN|count of stops by cause @ WHEN`,
  ],
  [
    'defect_count',
    'top',
    'defect',
    `most common defect @ WHEN|most frequent defect @ WHEN|which defect occurs most @ WHEN|top defects @ WHEN|main defect @ WHEN|what is the most frequent fault on the parts @ WHEN|top 3 defect types @ WHEN|which defects are the most common @ WHEN|what defect did we see most @ WHEN`,
  ],
  [
    'defect_count',
    'breakdown',
    'defect',
    `defects by type @ WHEN|defects by defect type @ WHEN|defects per kind @ WHEN|number of defects by kind of defect @ WHEN|which defects did we find @ WHEN|what kinds of defects did we have @ WHEN|defect pareto @ WHEN|inspection failures by defect @ WHEN`,
  ],
  [
    'output',
    'breakdown',
    'product',
    `what did we produce by product WHEN|output per product @ WHEN|how many of each product did we make WHEN|parts made by article WHEN`,
  ],
  [
    'downtime',
    'top',
    'machine',
    `which machine stood still longest WHEN|which machine was down the longest WHEN|which machine was down most WHEN|what machine lost most time WHEN|which machine caused the most downtime WHEN`,
  ],
  [
    'stop_count',
    'top',
    'machine',
    `which machine stopped most often WHEN|which machine broke down most often WHEN|which machine fails most WHEN|what machine had most breakdowns WHEN|most troublesome machine by number of stops WHEN`,
  ],
  [
    'output',
    'top',
    'line',
    `which line produced most WHEN|which line made the most parts WHEN|which line made the fewest parts WHEN|what line is the most productive by parts WHEN`,
  ],
  ['output', 'top', 'machine', `which machine made the most parts WHEN|which machine produced least WHEN`],
  [
    'scrap_count',
    'top',
    'machine',
    `which machine scraps the most WHEN|which machine made the most scrap WHEN|where did we scrap most by machine WHEN`,
  ],
  [
    'output',
    'compare',
    'line',
    `did line 1 make more parts than line 2 WHEN|did line 3 produce more than line 1 WHEN|which of line 1 and line 2 made more parts WHEN`,
  ],
  [
    'downtime',
    'breakdown',
    'reason',
    `why did WHO stand still WHEN|why did WHO stop WHEN|why was WHO down WHEN|what were the causes that WHO was not running WHEN|what made WHO stop WHEN`,
  ],
  [
    'stop_count',
    'value',
    '',
    `stops longer than 10 minutes @ WHEN|how many stops longer than 30 minutes did WHO have WHEN|stops shorter than 5 minutes @ WHEN|breakdowns over an hour @ WHEN|number of stops of at least 20 minutes @ WHEN|how many stoppages over 15 min @ WHEN`,
  ],
  [
    'stop_count',
    'list',
    '',
    `list all stops of more than 10 minutes @ WHEN|list every stop @ WHEN|show each stop @ WHEN|list the breakdowns @ WHEN|show all stops longer than an hour @ WHEN|give me a list of the stops @ WHEN`,
  ],
  [
    'late_orders',
    'list',
    '',
    `list all late orders|show me all overdue orders|list overdue orders for aqua systems|show me the late orders|show the late orders|give me the late orders|show late orders of borg pumps|which late orders do we have|display all delayed orders`,
  ],
  [
    'order_status',
    'list',
    '',
    `which orders are due tomorrow|orders due tomorrow|orders due next week|what orders are due next week|orders due this week and next|which orders come due tomorrow|how many orders are due tomorrow|how many orders are due next week|orders due on friday|which orders have to be finished WHEN|what is due this week|where does wo-26010 stand`,
  ],
  [
    'downtime',
    'value',
    '',
    `how long was WHO in state idle WHEN|how long was WHO in the state held WHEN|time in state aborted @ WHEN|downtime over 30 minutes @ WHEN|downtime from stops longer than 10 minutes @ WHEN`,
  ],
  [
    'energy',
    'top',
    'machine',
    `which machine uses the most energy WHEN|biggest energy consumer WHEN|which machine needs most power WHEN|top energy consumers WHEN|what are the biggest electricity hogs WHEN`,
  ],
  [
    'output',
    'breakdown',
    'line',
    `output of lines 1 to 3 WHEN|production of lines 1-4 WHEN|parts made on lines 2 to 4 WHEN`,
  ],
  ['scrap_count', 'breakdown', 'line', `scrap on lines 1 to 3 WHEN|scrap of lines 1, 2 and 3 WHEN`],
  ['oee', 'breakdown', 'machine', `oee of cnc-12, cnc-13 and cnc-21 WHEN|oee cnc-12, cnc-13 WHEN`],
  ['oee', 'top', 'line', `which line ran best by oee WHEN|best line by oee WHEN|worst line in terms of oee WHEN`],
];
