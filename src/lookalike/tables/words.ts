/* oxlint-disable max-lines */
/**
 * Common English words: a brand that is one of them needs more than its bare occurrence, and a name made of them is less likely
 * to be a slip of a brand that they resemble. Inflections with s, ed, er and ing follow from these.
 */
export const WORDS: string = `
abbey able about above accept access ace acorn across action active actor actors adapt add adder adult advance advice affair
after again against agency agent agile agree ahead aid aim aisle alarm album ale alert alibi alien align alive aloe alpha
alpine also always amazing amazon amber amount amuse anchor ancient angel angle animal ankle annual answer ant anvil apart
ape apple apply apron arc arch arctic area arena argue arise arm armor army aroma arrow art artist ascend ash aside ask asset
atlas atom attack attend attic audio audit aunt aura auto autumn avenue average avid avoid awake award aware away axe axis
azure baby back bacon bad badge bag bagel bake bakery balance ball ban banana band bang banjo bank bar bark barley barn baron
barrel base basic basin bask basket bass bat batch bath battle bay beach beacon beagle beam bean bear beast beat beauty
beaver because become bed bee beef before begin behind being belief bell belong below belt bench bend benefit berry best bet
beta better between beyond bible bicycle bid big bike bill bind bio bird birth biscuit bishop bit bite black blade blank
blanket blast blaze blend bless blind blink block blog blood bloom blossom blow blue boa board boat bob body bog bold bolt
bomb bond bone book boom boost boot border born boss both bottle bottom boulder bounce bound bouquet bow bowl box boy bra
brain brake branch brand brass brave bravo bread break breath breed breeze brew brick bride bridge brief bright bring broad
broker bronco bronze brook brother brown brush bubble bucket bud budget buffer bug bugle build bulb bull bun bunch bundle
bunny burn burst bus bush buster busy but butter button buy buzz cab cabin cable cache cactus cafe cage cake call calm cam
camel camera camp camper campus can canal cancel candle candy canoe canvas canyon cap capital captain car carbon card care
career cargo carpet carrot carry cart case cash cashew cask castle cat catalog catch cause cave cedar cell cello center
central century cereal chain chair chalk chamber champion chance change channel chapter charge charm chart chase chat cheap
check cheese cheetah chef cherry chess chest chicken chief child chill chimney china chip chive choice choose chrome church
cider cinema circle citizen citrus city civic claim clan clap clash class clay clean clear clerk clever click client cliff
climb clinic clip clock clone close cloth cloud clover club clue coach coal coast coat cob cobalt cobra cocoa coconut cod
code coffee cog coin cold collab collar collect college color colour column combat come comet comfort comic common compact
company compass competition complete con concept concert condor connect contact content contest context control coo cook
cookie cool cooper copper copter copy coral core corn corner correct cost cot cotton couch council count country couple
course court cousin cover cow coyote crab cradle craft crane crash crater crayon crazy cream create credit creek crew cricket
crime crisp crocus cross crow crowd crown cruise crumb crush crypto crystal cub cube cuckoo cue culture cup cupcake cure
curious curve custom cut cycle cypress daily dairy daisy dam dance danger dapper dark dash data date dawn day dead deal dear
debut decade deck deep deer default defense degree delay delight deliver delta demand den denim dental deny depot depth derby
desert design desk detail detect device dew dial diamond diary diesel diet dig digital dim din diner dingo dinner dip direct
dirt discard disco discover discuss dish disk display distance district dive divide dock doctor doe dog doll dollar dolphin
domain dome don donkey donut door dot double dove down dozen draft dragon dragonfly drama draw dream dress drift drill drink
drive drop drum dry dub duchess duck dud due dug dun dune dust duty dwarf dynamic each eagle ear earl early earn earth ease
east easy eat ebb echo eclipse edge edit edition eel effect effort egg ego eight elbow elder electric element elf elite elk
elm else email ember emblem emerald empire empty enable end energy engage engine english enjoy enough ensure enter entry
envoy epic equal equity era ermine error escape essay essence estate eternal ether ethics eve even evening event ever every
exact exam example excel exchange exit exodus exotic expand expert explore export express extra eye fable fabric face fact
factor factory fad fair faith falcon fall fame family famous fan fancy fantasy far farm fashion fast fat father faun favor
fawn fear feast feather feature fed fee feed feel fellow fence fennel fern ferret ferry festival few fiber fiction fiddle
field fiesta fifth fig fight figure file fill film filter fin final finance finch find fine finger finish fir fire firm first
fish fit five fix fizz flag flame flamingo flannel flap flash flat flavor flaw flea fleet flew flex flight flint flip float
flock flood floor flop florida flow flower fluid flush flux fly foal foam fob focus foe fog folk follow fond food fool foot
force forest forever forge fork form formula fort fortune forum forward fossil found fountain four fowl fox foxglove foxy
frame france free freedom freight french fresh friend front frost fruit fry fuel full fun function fund fur fury fuse future
fuzz gag gain galaxy gale galleon gallery game gap garage garb garden garlic gas gash gate gather gauge gazelle gear gecko
gel gem general genesis genius gentle germ geyser ghost giant gift gig gin ginger giraffe girl gist give glacier glad glass
glen global globe glory glove glow glue gnat goal goat gob goblin god goggle gold golden golf good goose gopher gorilla gosh
gown grab grace grade grain gram grand granite grant grape graph grass gravity gray great green grey grid griffin grill grip
grit ground group grouse grove grow guard guess guest guide guild guitar gulf gulp gum gun guppy guru gust gut guy habit hack
hail hair hairy half hall ham hammer hamster hand handle happy harbor hard hare harmony harp harvest hash hat haul haven hawk
hay haze hazel head heal health heap heart heat heather heaven heavy hedge height hello helmet help hem hen herb herd here
heritage hero heron hew hex hickory hid hidden high hike hill hilt hint hip hippo hire history hit hive hoax hobby hog hold
hole holiday hollow holly holy home honest honey honor hood hoof hook hop hope horizon horn hornet horse hose hospital host
hot hotel hour house hover howl hub hug huge hull hum human humble hundred hunk hunt hurl hurt husk husky hut hybrid hyena
ice icon icy idea ideal iguana ill image impact impala import inch index indigo industry infinite infinity info ink inkwell
inn inner input insect inside insight inspire instant insure intent ion ire iris irk iron island item ivory ivy jab jackal
jacket jade jag jaguar jam jar jasmine jaw jay jazz jeans jelly jerk jet jewel jig job join joint joke jolt jot journal
journey joy judge jug juice jump jungle junior juniper just justice kayak keen keep keg kelp kernel kestrel keto kettle key
keystone kick kid kilt kin kind kindle king kingdom kiss kit kitchen kite kiwi knee knife knight knob knot know koala label
labor lace lad lady lag lagoon lake lamb lamp land lane language lantern lap large lark laser lash lass last late laugh
launch laundry laurel lava lavender law lax layer lead leader leaf league leak lean leap learn leather leave led ledge ledger
left leg legacy legal legend lemon lemur lend lens lent leopard lesson letter level liberty library lid lied life lift light
like lilac lily limb lime limit limp line linear linen link lint lion lip liquid list listen little live lizard llama load
loan lobby lobe lobster local lock locust lodge loft log logic long look loom loop loot lord lore lose loss lot lotus loud
love low loyal luck lug lumber lump luna lunar lunch lung lure lurk lush lust luxury lynx mace machine mad magenta magic
magnet magpie maid mail main major make maker male mall mammoth man manager mane mango manner manor maple marble march margin
marine mark market marl maroon marriage mars mash mask mass mast master mat match mate material math matrix matter max mayor
maze mead meadow meal mean measure meat medal media medic medical medium meerkat meet melody melon melt member memory mend
menta mentor menu merchant mercury merge merit mermaid mesh message meta metal meteor meter method metric metro mew micro
middle might mild mile milk mill mime mind mine mineral mini mink minnow minor mint minute mirror mission mist mix moan mob
mobile mock mode model modern mold mole moment money monitor monkey monster month monument moo mood moon moose mop moral more
morning mosaic mosquito moss most moth mother motion motor mountain mouse mouth move movie mow much mud mug mulberry mule
multi mum murk muscle muse museum mush music musk must mustang mustard mute mystery myth nag nail name nano nap narrow nation
native nature navel navy nay near neat neck nectar need needle nest net network neutral never new news next nexus nib nice
nick night nil nimble nine nip noble nod node noise nomad nook noon normal north nose note notice nova novel now nuclear
number nun nurse nut nutmeg nutrition oak oar oasis oat oath object ocean octave octopus odd odor off offer office often oil
oily old olive omega once one onion online only onyx opal open opera optic option oracle orange orb orbit orca orchard orchid
order ore organ organic orient origin oriole osprey ostrich other otter ounce out outdoor outer output outside oval oven over
owe owl own owner oxygen oyster ozone pace pacific pack pad paddle page paint pair pal palace palm pan panda panel pansy pant
panther papaya paper par parade parallel parent park parrot parsley part partner party pass past pasta paste pat patch path
patient patriot pattern pause paw pay pea peace peach peacock peak peanut pearl pebble peck peek peel peer peg pelican pelt
pen penguin peony people pepper percent perfect period perk permit person pest pet petal petunia pew phantom phase pheasant
phoenix phone photo phrase piano pick picnic picture pie piece pier pig pigeon pike pill pilot pin pine pineapple pink pint
pioneer pip pipe pirate pistachio pit pitch pity pixel pizza place plain plan plane planet plant plasma plastic plate
platypus play player plaza plea please pleasure plot plow plug plum plus ply pocket pod poem poet point poke polar pole
police policy polish polite poll pond pony pool poor pop popular pork port portal portrait pose position positive possum post
pot potato potential pouch pound pout power practice prairie praise pram prayer premier premium present president press
pretty prey price prick pride prime primrose prince print prism prison private prize problem process prod produce product
profile profit program project prom promise proof prop proper protect protein protocol proud prove prune pry pub public puff
puffin pug pull pulse puma pump pun punch punk pup pupil puppy purchase pure purple purpose pus push putt puzzle python quack
quail quake quality quantum quarter quartz queen quest question quick quiet quill quilt quirk quit quiz quokka quote rabbit
raccoon race radar radio radish radius raft rag rage raid rail rain rainbow raise rake rally ram ramp ranch random range rank
rant rap rapid rare rash raspberry rat rate rave raven ravioli raw ray razor reach reaction read ready real realm reap reason
rebel recipe record red reed reef reel reform refuge region rein reindeer relax relay relic rely remedy remix remote rend
rent repair reply report rescue research reserve resort resource respect rest result retail return reveal review reward rhino
rhyme rhythm rib ribbon rice rich rid ride ridge rifle rift rig right rim rind ring rink rinse riot rip ripple rise risk
ritual river road roar roast rob robe robin robot rock rocket rod rodeo rogue role roll romance romp roof rook room rooster
root rope rose rot rotary rough round route row royal rub rubber ruby rug rugby ruin rule rum rumor run rung runt rural rush
rut rye sack sacred sad saddle safari safe saffron sag saga sage sail saint salad salamander salmon salon salt same sample
sand sandbox sane sap sapphire sardine sash sass satin sauce savage save saw scab scale scallop scam scan scar scarf scene
scent school science scoop scope score scorpion scout screen script sea seagull seal search season seat second secret section
sector secure see seed seek select self sell senate senior sense sentinel sequoia series serum serve sesame set settle seven
shade shadow shaft shamrock shape share shark sharp shed sheep sheet shelf shell shelter shield shift shin shine ship shirt
shock shoe shoot shop shore short shot shoulder show shower shrimp shrine shun shy side siege sight sigma sign signal silence
silk silt silver similar simple sin since single sink sip sir sister sit six size sketch skid skill skim skin skip skull
skunk sky slab slack slam slang slap slash slate sled sleek sleep sleet slew slice slide slim sling slip slit slob slop slot
sloth slow slug slum slur sly smack small smart smash smear smell smile smog smoke smooth smug snack snag snake snap snare
snarl sneak snip snob snore snort snout snow soak soap soar sob social society sock sod soda sofa soft software soil solar
soldier sole solid solo solution some song sonic sore sort soul sound soup source south soy spa space span spar spare spark
sparrow speak spear spec special speed spell spice spider spike spill spin spine spirit spit splash spleen spoil sponsor
spoon sport spot spout spray spread spree spring sprint spruce spur spy squad square squid squirrel stab stable stack stadium
staff stag stage stain stair stake stale stalk stall stamp stand star stare starfish start starve stash state station stave
stay steel steep stella stem step stereo stern stew stick still sting stir stock stomp stone stool stoop stop storage store
stork storm story stout straight strand strange strap strategy straw strawberry stray stream street strength stride strike
string stripe strong structure stub stud student studio study stuff stump stun sty style sub subject such suck sue sugar suit
sum summer summit sun sundae sunflower sunny sunset super supply sure surf surface surge surplus survey sushi swab swallow
swamp swan swap swarm sway swear sweat sweep sweet swell swift swim swing swirl sword symbol symphony system tab table tackle
tag tail tailor take tale talent talk tall tam tame tan tango tank tap tape tar target tarot tart task taste tax taxi tea
teach teak teal team tear tease tech tee teen tell temple ten tender tennis tent term terra test text than thank that thaw
theater theft theme theory there thick thigh thing think third thirst this thistle thorn thought thousand thread three thrill
thrive throne thud thug thumb thunder tick ticket tide tie tiger tile tilt timber time tin tint tiny tip tire titan title
toad toast today toe together token toll tomato tomb ton tone tongue tool tooth top topic torch torn toss tot total toucan
touch tough tour tow toward tower town toxic toy trace track tractor trade tradition traffic trail train tram transit trap
trash travel tray tread treasure treat tree trellis trend trial triangle tribe trick trigger trim trinity trio trip triple
trophy tropic trot trout truck true trump trust truth try tub tube tuck tug tulip tumble tuna tune tunnel turbo turn turnip
turquoise turtle tusk tutor tux twelve twenty twig twin twine twist two type udder ugly ultimate ultra umbrella uncle under
union unique unit unity universal universe up upper urban urchin urge urn use user usual vacation vain vale valley valor
value van vane vanilla vapor variety vat vault veal vector veer vegan vehicle veil vein velvet vent venture venus verse
version very vessel vest vet veteran vex via vibe vice victor victory video view vigor vile villa village vine vintage vinyl
violet violin viper virtual virtue virus visa vision visit visual vita vital vivid voice void volcano volume vote vow voyage
vulture wad wade wage wagon waist wait walk wall wallet walnut walrus wand wane want war warbler ward ware warm warrior wart
wary wash wasp waste watch water watt wave wax way wealth weasel weather weave web wedding weed week weep weight welcome weld
well west whack whale wharf wheat wheel when where which while whip whippet whirl whisk whit white whole wick wide wife wig
wild will willow win wind window wine wing wink winner winter wipe wire wisdom wise wish wit wolf woman womb wombat wonder
wood woodpecker wool word work world worm worn worth wrap wrath wreck wren wrist write yacht yak yam yard yarrow yawn year
yell yellow yelp yen yes yet yield yoga yoke yolk young youth zap zeal zebra zen zero zest zinc zip zone zoom`;
