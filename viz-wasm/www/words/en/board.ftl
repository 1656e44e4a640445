# The board on the projector.
skip = Skip to content
gone-title = This lesson does not exist (any more).
gone-how = Is the address right? It is on the teacher's page where the lesson was started.
notice-read-only = The hub cannot store anything any more. Readings are not taken now; /readyz on the hub names the cause.
notice-problems = The hub needs somebody to look after it: /readyz names what to do.
notice-guessing = Somebody is guessing codes.
fit = Fit axis
full = Full screen
not-full = Leave full screen
joined = joined
sending = sending
silent = silent
rejected = rejected
clocks = clocks agree to
# Before the first start.
scan = Scan with the camera
scan-by-hand = Without the app: measure by hand in the browser
qr-join = QR code that leads into this lesson
qr-wifi = QR code for the Wi-Fi
qr-phyphox = QR code for the app phyphox
wifi = First join the Wi-Fi { $ssid }
phyphox = Or in the app phyphox: + → QR code
phyphox-first = Scan in the app phyphox: + → QR code
empty = Nobody has joined yet.
empty-ended = The lesson has ended. Nobody had joined.
empty-how = Or open in a browser and enter the code:
empty-how-by-hand = Without the app, open in a browser, enter the code, measure by hand:
empty-no-code = Open in a browser:
locked = The door is closed. Nobody can join at the moment.
twins = Your phone must show the same two words:
names = { $n ->
    [one] { $n } device has joined
   *[other] { $n } devices have joined
    }
more-names = and { $n } more
# What the teacher did.
lobby-open = About to start
lobby-locked = About to start, the door is closed
frozen = Picture frozen at { $time }
halted = Measurement stopped
rehearsal = Rehearsal: nothing is kept
take = Measurement { $n }
take-undone = Measurement { $n } does not count
soon = The measurement is about to begin
starts-in = { $n ->
    [one] The measurement begins in { $n } second.
   *[other] The measurement begins in { $n } seconds.
    }
# The end.
result-of-class = What the class measured
no-class-result = There is no common result.

# The pictures to discuss.
to-board = To the board
to-results = Discuss results
pictures = Pictures
picture-strip = All results
picture-histogram = How often
picture-box = Box
picture-votes = Predictions
picture-scatter = Fitted curve
picture-spectrum = Frequencies
picture-motion = Motion
picture-trace = Curve
picture-overlay = All curves
picture-phone = The phone's axes
nothing-to-discuss = There are no results to discuss yet.
pictures-class = Class
pictures-group = Group
together = Found together:
part-slope = slope
part-intercept = intercept
part-exponent = exponent
part-factor = factor
part-background = background
entered-only = In this lesson results are entered, not recorded: the board shows what the groups find.
