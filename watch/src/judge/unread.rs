//! Sources that were not read: unknown for too long pages by itself.

use super::{Bench, duration, seconds, span};
use crate::{alert::Kind, state::State};

impl Bench<'_> {
    pub(super) fn unread(&mut self) {
        for (source, why) in self.judged.not_read.clone() {
            let since = self.memory.unknown_since.get(&source).copied();
            // A clock that was set back makes nothing younger than now.
            let since = since.unwrap_or(self.now).min(self.now);
            self.judged.learned.unknown_since.insert(source.clone(), since);
            let age = seconds(since, self.now);
            if age >= self.judging.unknown_after.0 {
                let limit = span(self.judging.unknown_after);
                let age = duration(age);
                let summary = format!("not known for {age}, longer than {limit}: {why}");
                self.fact((&source, Kind::Unknown, ""), State::Unknown, summary);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        alert::Kind,
        judge::testing::{Bed, failed, look, reading, verified},
        state::State,
    };

    #[test]
    fn what_is_not_known_for_long_pages_by_itself_and_never_as_a_breach() {
        let mut bed = Bed::new();
        assert_eq!(bed.look(0, look(vec![reading("a", vec![verified(1)])])).state, State::Healthy);
        let unread = look(vec![failed("a", "500")]);
        let judged = bed.look(60, unread.clone());
        assert_eq!((judged.state, judged.facts.len()), (State::Unknown, 0));
        let judged = bed.look(60 + 599, unread.clone());
        assert_eq!((judged.state, judged.facts.len()), (State::Unknown, 0));
        let judged = bed.look(60 + 600, unread);
        assert_eq!((judged.state, judged.facts.len()), (State::Unknown, 1));
        assert_eq!(judged.facts[0].subject.kind, Kind::Unknown);
        assert_eq!(judged.facts[0].summary, "not known for 10m 0s, longer than 10m 0s: 500");
        let judged = bed.look(700, look(vec![reading("a", vec![verified(1)])]));
        assert_eq!(judged.state, State::Healthy);
        assert!(judged.learned.unknown_since.is_empty());
    }
}
