# The editor of lesson templates.
editor-title = Write templates
editor-how = A template is a lesson's plan: what is measured, asked, computed and compared, and what you and the class read. Drafts stay on this hub; the library has a template only once you publish it.
editor-new = New template
editor-import = Open a file as a draft
editor-open = Go on writing
editor-untitled = Untitled
editor-tools = Draft
editor-save = Save
editor-undo = Undo
editor-redo = Redo
editor-publish = Publish
editor-export = Download as file
editor-remove = Delete draft
editor-remove-sure = Really delete?
editor-saved = Saved
editor-unsaved = Not saved yet
editor-conflict = This draft was changed elsewhere. Load the page again to see the other version; copying or “Download as file” rescues this one.
editor-origin = Made from “{ $id }” by { $authors }
editor-parts = Parts of the template
editor-form = Form
editor-files = Files
editor-text-how = Tab indents; Escape and then Tab leaves the field. Ctrl+S saves, Ctrl+Z undoes.
editor-files-how = A template has its plan, one text for each language, at least one recording with what must come out of it, and pictures (PNG, JPEG or WebP, 2 MB at most).
editor-add-picture = Add a picture
editor-add-fixture = Add a recording
file-remove = Remove
picture-too-large = The picture is too large: 2 MB at most. Make it smaller and add it again.
drafts-title = Drafts
drafts-none = No drafts yet.
draft-changed-at = changed { $time }
draft-removed = The draft is deleted.
published = { $id } { $version } is in the library.
published-back = Taken out of the library again.

# What was found.
editor-findings = Check
findings-waiting = Checking …
findings-none = Everything is in order
findings-errors =
    { $n ->
        [one] 1 error
       *[other] { $n } errors
    }
findings-others =
    { $n ->
        [one] 1 note
       *[other] { $n } notes
    }
finding-error = Error
finding-warning = Warning
finding-hint = Note
finding-at = { $file }, line { $line }

# The preview.
editor-preview = Preview
editor-preview-run = Try with a class
editor-preview-how = A simulated class goes through the lesson.
editor-preview-stale = The template has changed since.
preview-class = This is what { $n } simulated groups find.
preview-no-class = Without a simulation, and without a recording that can be analysed, there is no class to see.
preview-outcomes = What the groups found
preview-group = Group
preview-hints = Hint to the group
preview-no-figure = The figure “{ $name }” has nothing to draw with this class.
fixture-passed = as expected
fixture-failed = not as expected

# The form.
form-about = What it is about
form-title-de = Title (German)
form-title-en = Title (English)
form-summary-de = Summary (German)
form-summary-en = Summary (English)
form-task-de = Task (German)
form-task-en = Task (English)
form-class = For whom
form-subject = Subject
form-grade-from = School year from
form-grade-to = School year to
form-minutes = Minutes
form-group = People around one phone
form-run = How a measurement runs
form-mode = End and beginning
form-countdown = Countdown in s (3 if nothing is said)
form-length = Ends by itself after, in s
run-open = The teacher starts and stops
run-timed = Ends by itself
run-trigger = Counts from a trigger on (said in the text)
form-result = Result
form-outcome = Name of the result
form-reference = Accepted value
form-tolerance = Its tolerance
form-margin = Difference that matters
form-scenario = Simulation
form-rights = By whom and how
form-id = Short name
form-version = Version
form-authors = Written by (separated by commas)
form-license = Licence
form-in-text = Goes on over several lines: please change it in the text.
