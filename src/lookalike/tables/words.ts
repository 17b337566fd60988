/* oxlint-disable max-lines */
/**
 * Common English words: a brand that is one of them needs more than its bare occurrence, and a name made of them is less likely
 * to be a slip of a brand that they resemble. Inflections with s, ed, er and ing follow from these.
 */
export const WORDS: string = `
able about above accept access across action active actor adapt adult advance advice affair after again against agency
agent agree ahead album alert alien align alive alpha also always amazing amazon amber amount anchor ancient angel angle
animal ankle annual answer apart apple apply arch arctic area arena argue army arrow artist ascend ash aside asset
atlas atom attack attic audio audit aunt aura auto autumn avenue average avid awake award aware away axis
baby back badge bag bake balance ball band bank bar barn base basic basin basket bass bat batch bath battle
bay beach beacon beam bean bear beast beat beauty because become bed bee beef before begin behind being belief bell
belong below belt bench bend benefit best beta better between beyond bible bid big bike bill bind bio bird birth bishop bit
bite black blade blank blast blaze blend bless blind blink block blog blood bloom blow blue board boat body bold bolt
bomb bond bone book boom boost boot border born boss both bottle bottom bounce bound bow bowl box boy brain brake branch
brand brass brave bread break breath breeze brick bride bridge brief bright bring broad broker bronze brook brother
brown brush bubble bucket bud budget buffer bug build bulb bull bunch bundle burn burst bus bush busy butter button buy
cabin cable cache cactus cafe cage cake call calm camel camera camp campus can canal cancel candle candy canvas canyon cap
capital captain car carbon card care career cargo carpet carry cart case cash castle cat catch cause cave cedar cell
center central century cereal chain chair chalk chamber champion chance change channel chapter charge charm chart chase chat cheap
check cheese chef cherry chess chest chicken chief child chill china chip choice choose chrome church cinema circle citizen
city civic claim clan clap clash class clay clean clear clerk clever click client cliff climb clinic clip clock clone close
cloth cloud club clue coach coal coast coat cobra code coffee coin cold collab collect college color colour column combat come
comfort comic common compact company compass complete concept concert connect contact content contest context control cook cool copper copy coral
core corn corner correct cost cotton couch council count country couple course court cousin cover cow craft crane
crash crazy cream create credit creek crew cricket crime crisp cross crow crowd crown cruise crush crypto crystal cube culture cup
cure curious curve custom cut cycle daily dairy dance danger dark dash data date dawn day dead deal dear decade deck
deep deer default defense degree delay delight deliver delta demand dental deny depot depth derby desert design desk
detail detect device dial diamond diary diesel diet digital dinner direct dirt discard disco discord discover discuss dish disk display
distance district dive divide doctor dog doll dollar dolphin domain dome door dot double dove down dozen draft dragon drama
draw dream dress drift drill drink drive drop drum dry duck due dust duty dynamic each eagle early earn earth ease
east easy eat echo eclipse edge edit edition effect effort egg eight elder electric element elite else email ember emblem
empire empty enable end energy engage engine english enjoy enough ensure enter entry envoy epic equal equity era error
escape essay essence estate eternal ether ethics even evening event ever every exact exam example excel exchange exit exodus exotic expand
expert explore export express extra eye fable fabric face fact factor factory fair faith falcon fall fame family famous fan
fancy fantasy far farm fashion fast father favor fear feast feather feature feed feel fellow fence fern ferry festival few fiber
fiction field fiesta fifth fight figure file fill film filter final finance find fine finger finish fire firm first fish
fit five fix flag flame flash flat flavor fleet flex flight flint flip float flock flood floor florida flow flower fluid
flush fly foam focus fog folk follow fond food foot force forest forever forge fork form formula fort fortune forum forward found fountain
four fox frame france free freedom freight french fresh friend front frost fruit fuel full fun function fund future gain galaxy
gale gallery game garage garden gas gate gather gauge gear gem general genesis genius gentle ghost giant gift girl give
glad glass global globe glory glove glow glue goal goat goggle gold golden golf good goose grace grade grain grand grant grape
graph grass gravity gray great green grey grid grill grip ground group grove grow guard guess guest guide guild
guitar gulf gun guru habit hair half hall hammer hand handle happy harbor hard harmony harvest hat haven hawk head
heal health heart heat heaven heavy hedge height hello helmet help herb here heritage hero hidden high hill hip hire
history hit hive hobby hold hole holiday hollow holy home honest honey honor hood hook hope horizon horn horse hospital host hot
hotel hour house hover hub hug human humble hundred hunt husk hybrid ice icon idea ideal image impact import inch index indigo
industry infinite infinity info ink inner input insect inside insight inspire instant insure intent iris iron island item ivory
jacket jade jam jaguar jazz jeans jet jewel job join joint joke journal journey joy judge juice jump jungle junior just
justice keen keep kernel kettle key keystone kick kid kind kindle king kingdom kiss kit kitchen kite knee knife knight
know label labor lace lady lake lamb lamp land lane language large laser last late laugh launch laundry laurel lava law
layer lead leader leaf league learn leather leave ledge ledger left legacy legal legend lemon lens leopard lesson letter level
liberty library life lift light like lily lime limit line linear link lion lip liquid list listen little live load loan
lobby local lock lodge loft log logic long look loop lord lose loss lotus loud love low loyal luck lumber luna lunar lunch luxury
machine mad magic magnet mail main major make maker male mall man manager mango manner manor maple marble march margin marine
mark market marriage mars mask mass master match mate material matrix matter max meadow meal mean measure meat medal
media medic medical medium meet melody member memory menta mentor menu merchant mercury merge merit mermaid mesh message meta metal meteor meter method
metric metro micro middle might mile milk mill mind mine mineral mini minor mint minute mirror mission mist mix mobile
mode model modern moment money monitor monkey monster month monument mood moon moral more morning mosaic most moth mother motion motor
mountain mouse mouth move movie much mud multi muscle museum music must mystery myth nail name nano narrow nation native
nature navy near neat neck need needle nest net network neutral never new news next nexus nice night nimble nine noble node
noise nomad noon normal north nose note notice nova novel now nuclear number nurse nut nutrition oak oasis object ocean
octave odd off offer office often oil old olive omega once one onion online only onyx opal open opera optic option oracle orange
orbit orchard orchid order organ organic orient origin other otter out outdoor outer output outside oval oven over owl own
owner oxygen ozone pace pacific pack page paint pair palace palm panda panel panther paper parade parallel parent
park parrot part partner party pass past pasta paste patch path patient patriot pattern pause pay peace peach peak pearl
pen penguin people pepper percent perfect period permit person pet petal phantom phase phoenix phone photo phrase piano pick picnic picture
pie piece pier pigeon pilot pin pine pineapple pink pioneer pipe pirate pitch pixel pizza place plain plan plane planet plant plasma
plastic plate play player plaza please pleasure plot plug plum plus pocket poem poet point polar pole police policy polish
polite pond pony pool poor pop popular port portal portrait position positive post pot potato potential pound power practice prairie praise
prayer premier premium present president press pretty price pride prime prince print prism prison private prize problem process produce
product profile profit program project promise proof proper protect protein protocol proud prove public pull pulse pump punch
pupil puppy purchase pure purple purpose push puzzle python quality quantum quarter queen quest question quick quiet quill quilt
quote rabbit race radar radio radius rage rail rain rainbow raise rally ranch random range rank rapid rare rate raven raw ray
reach reaction read ready real realm reason rebel recipe record red reef reform refuge region relax relay relic remedy
remix remote rent repair reply report rescue research reserve resort resource respect rest result retail return reveal review reward rhino
rhythm ribbon rice rich ride ridge rifle right ring ripple rise risk ritual river road roast robin robot rock rocket rogue role
roll romance roof room root rope rose rotary rough round route royal rubber ruby rugby rule run rural rush sacred sad
saddle safari safe saga sage sail saint salad salmon salon salt same sample sand sandbox sapphire satin sauce savage save scale scan
scene scent school science scoop scope score scout screen script sea seal search season seat second secret section sector secure see
seed seek select self sell senate senior sense sentinel series serum serve set settle seven shade shadow shape share shark sharp sheep sheet
shelf shell shelter shield shift shine ship shirt shock shoe shoot shop shore short shot shoulder show shower shrine side siege
sight sigma sign signal silence silk silver similar simple since single sister six size sketch skill skin skull sky slate sleep
slice slide slim slow small smart smile smoke smooth snack snake snow social society soda sofa soft software soil solar soldier
sole solid solo solution some song sonic soul sound soup source south space spark speak special speed spell spice spider spin
spirit splash sponsor spoon sport spot spray spread spring square squad stable stack stadium staff stage stain stair stake stamp stand star start
state station stay steam steel steep stella stem step stereo stick still stock stone stop storage store storm story straight strand strange strategy
straw stream street strength stride strike string stripe strong structure student studio study stuff style subject such sugar suit summer
summit sun sunny sunset super supply sure surf surge surface surplus survey sushi swan sweet swift swim swing sword symbol
symphony system table tackle tail tailor take tale talent talk tall tango tank tape target tarot task taste tax taxi tea teach team tech
teen tell temple ten tender tennis tent term terra test text than thank that theater theme theory there thick thing think third thirst this
thorn thought thousand thread three thrill thrive throne thunder ticket tide tie tiger tile timber time tin tiny tip tire
titan title toast today toe together token tomato tone tongue tool tooth top topic torch total touch tough tour toward tower town toy
trace track tractor trade tradition traffic trail train transit trap travel tray treasure treat tree trend trial triangle tribe
trick trigger trinity trio trip triple trophy tropic truck true trump trust truth try tube tulip tune tunnel turbo turn turtle tutor twelve
twenty twin twist two type ultimate ultra umbrella uncle under union unique unit unity universal universe up upper urban urge
use user usual vacation valley valor value van vanilla vapor variety vault vector vegan vehicle velvet venture venus verse
version very vessel veteran via vibe victor victory video view villa village vintage vinyl violet violin viper virtual virtue virus visa
vision visit visual vita vital vivid voice void volcano volume vote voyage wage wagon wait walk wall wallet walnut want war ward
ware warm warrior wash waste watch water wave wax way wealth weather weave web wedding week weight welcome well west whale wheat wheel
when where which while white whole wide wife wild will wind window wine wing winner winter wire wisdom wise wish wolf woman
wonder wood wool word work world worth wrap wrist write yacht yard year yellow yield yoga young youth zebra zen zero zinc zone zoom`;
