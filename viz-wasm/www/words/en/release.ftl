# The teacher's page of releases: what is shared with other schools, and what came from them.
release-title = Releases
release-make = Release results
release-make-how = Other schools can put your results beside their own. First you see exactly what would leave this hub. It leaves only with the second button.
release-groups = { $n ->
    [one] 1 device
   *[other] { $n } devices
    }
release-label = Who releases
release-label-how = School or class as others are to see it. Never a person's name.
release-region = Region (if you like)
release-for = What for
release-for-hand = As a file that you hand on yourself
release-for-public = For everybody, in this hub's catalogue (at least { $k } results behind every number)
release-singles = Also the single results without names (only if the template allows it)
release-look = See what would leave the hub
release-leaves = This leaves the hub
release-nothing-else = Nothing else leaves the hub: no names, no nicknames, no readings, no place, no time of day.
release-json = The same word by word, as it is signed
release-do = Release just that
release-do-public = Release just that for everybody
release-done = Released.
release-own = Released from here
release-own-how = A release stays, also when the lesson is erased, until you withdraw it. If nobody has it yet, it goes without a trace. Else the withdrawal is in the catalogue, and hubs that fetch it erase the release within a day. Whom you gave the file, please tell yourself.
release-own-none = Nothing yet. In a lesson that has ended “Release results” leads here.
release-is-public = in the catalogue
release-is-hand = as a file
release-given = handed on
release-not-given = nobody has it yet
release-all = Everything in it
release-download = Download the file
release-withdraw = Withdraw
release-withdraw-sure = Really withdraw?
release-withdrawn = Withdrawn. Nobody had it.
release-withdrawn-told = Withdrawn. The catalogue passes it on.
release-foreign = From other schools
release-foreign-how = These can be compared with. What comes from an unknown source is used only when you say so: the signature shows that nothing was changed, not who made it.
release-foreign-none = Nothing yet.
release-import = Take in a file (.release)
release-taken = Taken in.
release-taken-unknown = Taken in. Its source is unknown; it is used only when you say so.
release-taken-before = This release was here already.
release-unknown = unknown source
release-by-subscription = fetched
release-incomparable = not comparable here: the template is missing
release-unused = not used
release-use = Use
release-do-not-use = Do not use
release-know = Always believe this source
release-remove = Remove from this hub
release-remove-sure = Really remove?
release-removed = Removed.
release-subscriptions = Catalogues that are fetched
release-subscriptions-none = None. Whoever looks after the hub names them in messwerk.toml; without an entry the hub calls nobody.
release-pull = Fetch now
release-pulled = { $new } new, { $withdrawn } withdrawn
release-never-asked = not asked yet
release-asked = asked { $at }
release-answered = answered { $at }
release-due = again { $at }
release-wrong = Something did not work the last time: { $error }
release-hub = This hub
release-publishes = This hub's catalogue is at /catalog.json for everybody.
release-publishes-not = This hub publishes no catalogue. Whoever looks after it can switch that on (sharing.publish), or put the catalogue on a web space with “messwerk catalog export”.
release-key = This hub's key, by which others know its releases:
release-passed-on = also in this hub's catalogue
release-handed-on = handed on by a catalogue that is fetched
offer-list =
    { $n ->
        [one] 1 template from there
       *[other] { $n } templates from there
    }
offer-how = None of them comes onto your shelf by itself. The other hub has signed each template: it is what stands on its shelf. Who wrote it, the author's signature says; it is checked when you take it.
offer-signer = signed with the key { $key }
offer-here = on your shelf already
offer-take = Take onto the shelf
offer-take-sure = Really take it?
offer-taken = “{ $title }” is on the shelf ({ $trust }).

# What a release says.
release-summary = { $outcome }: { $n } results, mean { $mean }, scatter { $sd }
release-says-who = From: { $label }{ $region }
release-says-week = Measured in the week { $week }, no closer
release-says-template = Template { $template }, version { $version }
release-says-cells = Histogram: { $cells }. Each cell has at least { $k } results or none.
release-cell-all = { $count } in a single cell
release-cell-below = { $count } below { $to }
release-cell-above = { $count } from { $from } up
release-cell = { $count } from { $from } to below { $to }
release-says-quartiles = Quarter: { $low }, middle { $middle }, three quarters { $high }
release-says-singles = { $n } single results without names, rounded to { $step }: { $values }
release-says-no-singles = No single results
release-excluded-none = You have excluded no results
release-excluded = { $n } results were excluded
release-excluded-few = { $from } to { $to } results were excluded, no closer
release-says-id = A random number, the checksum of the template, the same numbers as a table, and this hub's signature

# Why something is not released or not taken.
problem-lesson-open = The lesson is still open. End it first: what comes in later could not be released any more.
problem-release-too-few = Too few results: behind every number there must be so many groups that none can be told apart. For everybody in the catalogue they are more than for a file.
problem-release-not-allowed = The template of this lesson does not allow that. Release the numbers of the whole class only, or nothing.
problem-release-difference = An earlier release of this lesson differs by few results. Both together would tell of single groups. Withdraw the earlier one as long as nobody has it, or leave it at that.
problem-release-again = These very results are released already. Withdraw the earlier release if it is to look different.
problem-release-changed = Something has changed since the preview, and only what you saw may leave. Look at it again.
problem-release-name = Name and region have 1 to 60 characters, none of them control characters.
problem-release-unreadable = This is no release of Messwerk, or the file was damaged on its way. Fetch it again.
problem-release-too-large = The file is larger than any release (1 MiB). Is it the right one?
problem-release-signature = The signature does not fit: the release was changed afterwards or damaged. Ask for it again.
problem-release-future = The release is of a week that has not begun: the clock of the other hub or of this one is wrong.
problem-release-small-k = Fewer than five results stand behind the numbers. This hub does not keep that, because it tells of single groups.
problem-release-contradiction = The numbers of the release contradict each other. It is not taken in.
problem-release-format = The release is from a newer hub. Update this one.
problem-release-written = The release is signed, but not written as one must be. A newer hub may read it.
problem-release-withdrawn = This release was withdrawn and is not to be used any more.
problem-release-other-content = A release with this number and other content is here already. One of both is forged or of a copied hub. Ask about it.
problem-release-full = There are 5000 releases of other schools here already. Remove some that are not needed.
problem-offer-changed = The file is not the template that was offered, or not signed as the catalogue says. Fetch the catalogues again; if it stays like this, ask whoever runs the other hub.
problem-offer-unreachable = The template could not be fetched. Try again later.
problem-unknown-template = This template is not offered any more. Fetch the catalogues again.
