//! How much of the server one caller may take at a time.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use parking_lot::Mutex;

/// Counts what each caller holds; all strangers together are one caller.
pub(super) struct Places<C: Clone + Eq + Hash> {
    per_caller_max: usize,
    strangers_max: usize,
    taken: Mutex<HashMap<Option<C>, usize>>,
}

impl<C: Clone + Eq + Hash> Places<C> {
    pub(super) fn new(per_caller_max: usize, strangers_max: usize) -> Arc<Self> {
        Arc::new(Self { per_caller_max, strangers_max, taken: Mutex::new(HashMap::new()) })
    }

    /// A place, until it is dropped; none where the caller has as many as it may.
    pub(super) fn take(self: &Arc<Self>, caller: Option<C>) -> Option<Place<C>> {
        let most = if caller.is_some() { self.per_caller_max } else { self.strangers_max };
        let mut taken = self.taken.lock();
        let count = taken.entry(caller.clone()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { places: Arc::clone(self), caller })
    }
}

/// A place that is taken.
pub(super) struct Place<C: Clone + Eq + Hash> {
    places: Arc<Places<C>>,
    caller: Option<C>,
}

impl<C: Clone + Eq + Hash> Drop for Place<C> {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock();
        if let Some(count) = taken.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_places_of_its_own_and_strangers_share_theirs() {
        let places = Places::<u8>::new(2, 1);
        let (first, _second) = (places.take(Some(1)), places.take(Some(1)));
        assert!(places.take(Some(1)).is_none());
        assert!(places.take(Some(2)).is_some());
        let _stranger = places.take(None).unwrap();
        assert!(places.take(None).is_none());
        drop(first);
        assert!(places.take(Some(1)).is_some());
        assert_eq!(places.taken.lock().len(), 2, "who holds nothing is forgotten");
    }
}
