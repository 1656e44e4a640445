# Pupils: easy words.
join-title = Join
code-hint = It is on the board. You can paste it, too.
code-missing = First type the code from the board.
join-privacy = You need no account and no name. You get a nickname, and after the lesson nothing stays on this phone.
joining = One moment …
problem-wrong-code = No lesson is open under this code. Look at the board again.
problem-wrong-token = This QR code is no longer valid. Scan the one on the board again.
problem-not-a-join-token = This opens no lesson. If it is a teacher's token: it belongs on the page for teachers only. Type the code from the board here.
problem-lobby-locked = The lesson lets nobody in just now. Tell your teacher that you want to join.
problem-lesson-full = The lesson is full. Tell your teacher.
problem-lesson-ended = This lesson is over already.
too-many-codes = Too many wrong codes were typed. This one is tried again in { $seconds } s.
too-many-joins = Very many phones want to join at once. This is tried again in { $seconds } s.
sending-rest = The rest of your last measurement is being sent …
lost-before = { $n } s of your last lesson could not be sent any more.
hub-refused = The hub did not take this ({ $status }). Try again, or tell your teacher.
hub-in-trouble = The hub has a problem just now ({ $status }). Try again in a moment.
problem-not-yours = This belongs to another phone.
problem-unknown-thing = The hub does not know this phone any more.
problem-unknown-token = The hub does not know this phone any more.
you-are = You are
words-same = Are these on the board, too? Then you are in the right place:
not-built-pupil = This hub has no charts yet: tell your teacher. You can measure and send all the same.

connecting-title = Connecting …
connecting-lead = One moment, the phone is signing in.
lobby-title = It starts soon
lobby-lead = Get your phone ready:
lobby-ready = You are ready
lobby-wait = Wait for the start. Your teacher starts for everybody.
countdown-title = Get ready
countdown-lead = Measuring starts in a moment.
rehearsal-title = Rehearsal
measuring-title = Measuring
measuring-lead = Measure now as the task says.
measuring-timed = Measure now as the task says. It ends by itself after { $s } s.
measuring-ask = The others are measuring. Allow the sensors to join them.
measuring-without = The others are measuring. You can take part by hand.
rehearsal-running = Rehearsal: nothing is kept
paused-title = Your phone is paused
paused-lead = Your teacher has paused this phone. Nothing is measured just now.
stopped-title = Measurement finished
stopped-lead = The rest is being sent. Keep this page open.
stopped-sent = Everything has arrived at the hub.
stopped-none = Wait for the next measurement.
stopped-undone = Your teacher has taken this measurement back. It does not count.
stopped-rehearsal = That was the rehearsal. Nothing of it is kept.
preview-title = Your signal
preview-lead = Move the phone and see what the sensor feels. Only you see this.
app-title = This lesson measures with phyphox
app-lead = No browser can read these sensors. Open the experiment in phyphox below; it sends to this lesson by itself.
station-title = A station measures
station-lead = Phones do not have this sensor. The task stands here and, once the station has sent, your result.
station-enter = Phones do not have this sensor: a station sends the readings. Enter below what the task wants to know from you.
table-title = Enter your values
table-lead = Nothing is recorded in this lesson. Fill in the table below; your result is then on the board.
place-title = Wait for your teacher
place-lead = This lesson measures with the location. Your teacher has to allow that first; then it goes on here by itself.
free-title = Ready to measure
free-lead = In this lesson you start yourself.
free-running = You are measuring
ended-title = The lesson is over
ended-at = The lesson ended at { $time }
ended-lead = Some readings are still being sent. Keep this page open.
ended-unwiped = Everything is sent. Nickname and key could not be deleted from this phone yet. The page keeps trying.
ended-wiped = Thank you for taking part. Nothing is stored on this phone any more. You get your series only here, as long as this page is open.
removed-title = This phone is no longer in the lesson
removed-lead = Your teacher has taken it out, or the lesson was deleted. If that was a mistake, say so: the phone keeps everything and asks every few seconds whether it is back in.
elsewhere-title = You are measuring in another window
elsewhere-lead = This lesson is open twice on this phone. Only one window can measure.
elsewhere-other = Another lesson or group is open in another window on this phone. Only one window can measure.

prepare-sensors = Allow the motion sensors
prepare-microphone = Allow the microphone (loudness only)
prepare-place = Allow the location (only the way from the start)
prepare-check = Lay the phone flat and check it
prepare-values =
    { $n ->
        [one] Fill in your value
       *[other] Fill in your values
    }
step-done = done
step-now = now
step-open = next
step-off = not possible here
check-running = Leave the phone alone for two seconds …
check-none = The sensor gave no values. Try again.
check-moved = The phone moved. Put it down, let go, then again.
check-tilted = The phone is not flat. Screen up, then again.
unchecked = The direction of the acceleration is not checked: on some phones the sign is wrong otherwise. Lay the phone flat for a moment and check it.

do-allow = Allow sensors
do-allow-microphone = Allow the microphone
do-allow-place = Allow the location
do-check = Phone lies flat: check
do-manual = Measure by hand
do-values = Fill in your values
do-preview = See my signal
do-hide = Hide the signal
do-begin = Start measuring
do-end = Stop measuring
do-here = Use it here
do-again = Join again
do-done = Done

unable-insecure = This page has no secure connection (HTTPS). Without it the browser does not give out the sensors. Measure with phyphox or by hand.
unable-missing = This device gives the browser no fitting sensors. Measure with phyphox or by hand.
denied-ios = The browser may not use the sensors. Close this page, open it again and tap “Allow”. Or measure with phyphox or by hand.
denied-other = The browser may not use the sensors. Tap the sign to the left of the address, allow the sensors and load the page again. Or measure with phyphox or by hand.
keep-awake = This browser lets the screen go dark. Tap it now and then.

dock = What is being sent
sending-now = Being sent: { $sensors }
sending-warming = The sensors are running. Sending begins with the start.
sending-kept = Measured and kept: { $sensors }
sending-preview = Only this phone sees: { $sensors }
unsent = { $n } s not yet sent.
dropped = { $n } s were lost because the storage was full.
offline = No connection since { $time }. The phone keeps trying.
offline-measuring = No connection since { $time }. Go on measuring: the phone keeps everything and sends it later.
hub-stopped = The hub was stopped at { $time }. The phone waits for it.
too-late =
    { $n ->
        [one] One reading arrived after the end of the lesson and does not count.
       *[other] { $n } readings arrived after the end of the lesson and do not count.
    }
some-rejected =
    { $n ->
        [one] The hub did not take one reading. Tell your teacher.
       *[other] The hub did not take { $n } readings. Tell your teacher.
    }

your-values = Your values
save = Save
saved = Saved.
ten-swings = Please enter the time of one swing: { $all } s divided by 10 is { $one } s.
centimetres = Please enter metres: { $cm } cm = { $m } m.
your-signal = Your signal
your-result = Your result
result-means = Value ± uncertainty: the true value probably lies in this range.
taken-back = your teacher took this measurement back
measured-by-hand = measured by hand
ci = 95 %, n = { $n }

manual-title = Measure by hand
stopwatch = Stopwatch
start = Start
stop = Stop
lap = Lap
reset = Reset
one-lap = One lap: { $time }. Measure several times to see the uncertainty.
laps-mean = Mean of { $n } laps: { $mean } ± { $half } s (95 %)
take-mean = Take over the mean
counter = Counter
count-more = One more (+1)
count-less = One less (−1)

phyphox-title = Measure with phyphox
phyphox-how = The app phyphox can read all sensors of your phone. From here it gets an experiment made for you that sends to this lesson.
phyphox-open = Open in phyphox
phyphox-store = Not on your phone yet? Search for “phyphox” in the App Store or Google Play (free, no ads). Then tap here again.
upload-title = Upload a file from phyphox
upload-how = Did you measure without a network? In phyphox: menu, “Export Data”, save as a file. Choose that file here.
upload-label = File (CSV, Excel, ZIP or saved state)
uploading = Uploading …
uploaded =
    { $n ->
        [one] One reading was stored.
       *[other] { $n } readings were stored.
    }
uploaded-before = This file was there already. Nothing was stored twice.
upload-nothing = There were no readings in this file that the lesson needs.
upload-unused = The file also had what this lesson does not need: { $sensors }.
problem-export-too-large = The file is too large. 10 MB at most.
problem-export-unknown = This is no file from phyphox. Export it there as CSV or Excel.
problem-export-damaged = The file is damaged. Export it from phyphox again.
problem-export-empty = There are no readings in the file. Measure first, then export.
problem-export-columns = The file has no column that is needed: a time, and with it x, y and z of a sensor. A magnitude alone has no direction.
problem-rehearsal = The class is rehearsing, and the file would be erased with the rehearsal. Upload it afterwards.
problem-upload-running = A file from this device is just arriving. Wait until it is there.
problem-too-slow = That took too long. Try again, closer to the Wi-Fi.
phyphox-file = Load the experiment as a file
send-how = Addresses for your own programs
send-text = With any program to one of these addresses. They are yours alone: do not share them.
sensors = The lesson needs these sensors
sensors-how = Over HTTP the names of the values, over MQTT one topic for each sensor.
at-least = at least { $hz } readings/s, in { $unit }
http-names = HTTP names
topic-of = MQTT topic for { $sensor }
http = HTTP address (POST)
mqtt-address = MQTT server
mqtt-topic = MQTT topic

takeaway = Your measurement
takeaway-how = You can take your series along, or delete it.
take-csv = Save as CSV
take-json = Save as JSON
take-xlsx = Save for Excel
take-report = Report to print
takeaway-nothing = There is no measurement of this group.
saving = Fetching …
saved-file = Saved.
forget-run = Delete recording { $run }
forget-by-hand = Delete what was measured by hand ({ $about })
forget-run-of = Delete recording { $run } ({ $about })
forgotten = Deleted.
ask-forget = Delete this recording?
ask-forget-text = It disappears from the hub and from the result of the class. This cannot be undone.
ask-forget-yes = Delete
keep-run = Keep

about-title = This phone
about-kept = This phone remembers only the nickname, the key of this lesson and what is not yet sent. In the end all of it is deleted.
not-lasting = This browser remembers nothing over a reload. Keep the page open.
privacy = What happens to the data
fact-taken = Readings taken
fact-waiting = Not yet sent
fact-clock = Clock agrees with the hub's to
fact-rounded = rounded to { $n }
fact-fine = not rounded
seconds = { $n } s
milliseconds = ± { $n } ms
unknown = not known yet
handover = New group (same lesson)
leave = Leave the lesson, delete everything here
ask-leave = Clear this phone?
ask-leave-text = Nickname and everything else disappear from this phone. What the hub already has stays there.
ask-leave-unsent = { $n } s are not yet sent and will be lost. Better wait a moment.
ask-next-unsent = { $n } s are not yet sent. They are sent now; what does not arrive within five seconds is lost.
problem-seat-used-up = Very many groups have measured with this phone already. The next one takes another phone; otherwise tell your teacher.
ask-leave-yes = Clear
stay = Stay

# Times between two events.
ear-title = Acoustic stopwatch
ear-how = The first loud sound starts it, the next one stops it. Be quiet in between.
ear-ready = Ready: waiting for the first sound.
ear-running = Running: waiting for the second sound.
ear-again = Stopped. The next sound starts it again.
ear-threshold = How loud a sound must be
ear-decibels = { $n } dB. Further left it hears quieter sounds.
ear-decibels-first = −20 dB. Further left it hears quieter sounds.
reaction-title = Reaction test
reaction-how = Tap the field. After a while it says NOW: then tap as fast as you can.
pad-rest = Tap to begin
pad-waiting = Wait …
pad-signal = NOW!
pad-early = Too early. Tap to try again
pad-done = { $time } – tap for the next one
prepare-ear = Allow the microphone (only when it gets loud)
prepare-tone = Allow the microphone (only the pitch)

# Several values, one for each setting.
row = No.
table-more = One more row
put-in-row = Put into row { $row }: { $column }.
take-over = Put into the table

# What is said before measuring.
predict-title = Your prediction
predict-how = What do you expect? Say it before you measure. With the first measurement it is locked.
predict-locked = This is what you said before measuring.
predict-none = nothing said
predict-knot = Value { $n } of { $all }
predict-curve = Predicted curve: { $values }
prepare-predict = Say what you expect
do-predict = Say what you expect
problem-prediction-locked = The measurement has begun. Predictions are locked now.

# Typical mistakes, for this group alone.
hints-title = Have another look
