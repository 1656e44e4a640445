//! What the intake forgets in an erasure, and what it takes in no more.

use messwerk_lessons::id::{LessonId, ThingId};

use super::index::Index;
use super::{Intake, Stream};
use crate::{Erasure, Error};

impl Intake {
    /// An error if the Thing was erased: what comes late must not bring it back.
    pub(crate) fn present(&self, lesson: LessonId, thing: ThingId) -> Result<(), Error> {
        let gone = |what| self.gone.contains(&what);
        if !self.gone.is_empty() && (gone(Erasure::Lesson(lesson)) || gone(Erasure::Thing(lesson, thing))) {
            return Err(Error::NotFound(format!("Thing {thing} was erased")));
        }
        if self.closed.contains(&lesson) {
            return Err(Error::NotNow(format!("the readings of lesson {lesson} are being erased; send it again")));
        }
        Ok(())
    }

    /// An erasure is done: what was kept out while it went on may come.
    pub(crate) fn erased(&mut self, what: Erasure) {
        if let Erasure::Readings(lesson) = what {
            self.closed.remove(&lesson);
        }
    }

    /// Forgets what is being erased. Slots stay, empty, because they are places in a list.
    pub(crate) fn erase(&mut self, what: Erasure) {
        self.recent = None;
        match what {
            Erasure::Lesson(_) | Erasure::Thing(..) => {
                self.gone.insert(what);
            }
            Erasure::Readings(lesson) => {
                self.closed.insert(lesson);
            }
            Erasure::Run(_, _, run) => {
                for (_, slot) in self.slots.iter().filter(|(id, _)| what.concerns(**id)) {
                    let stream = &mut self.streams[*slot as usize];
                    let before = stream.bytes();
                    stream.forget_run(run);
                    self.index_bytes = self.index_bytes + stream.bytes() - before;
                }
                return;
            }
        }
        self.slots.retain(|&id, slot| {
            let gone = what.concerns(id);
            if gone {
                let stream = &mut self.streams[*slot as usize];
                self.index_bytes -= stream.bytes();
                *stream = Stream::new(id);
            }
            !gone
        });
    }
}

impl Stream {
    /// Forgets the readings of a Run that is being erased, not the numbers they came with: the same batches sent again are
    /// stored already. Whatever else comes opens a new epoch.
    pub(super) fn forget_run(&mut self, run: u32) {
        self.past.retain(|(past, _)| *past != run);
        self.boots.iter_mut().for_each(|boot| boot.forget_run(run));
        if self.run == run {
            (self.last, self.heard, self.boot, self.due) = (None, None, None, None);
            self.index = Index::empty();
            self.thinned = false;
            self.flag_next = false;
        }
    }
}
