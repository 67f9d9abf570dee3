use super::*;

#[test]
fn v10_a_machine_shares_its_signatures_out() {
    let share = |many: usize, keys: usize| Share::of(std::iter::repeat_n(keys, many), Budget::MachineSignatures);
    assert_eq!(share(1_000_000, 1), Share::MOST, "one key each: nothing is tried in vain");
    assert_eq!(share(20, 100), Share::MOST);
    assert_eq!(share(2_000, 2), Share::MOST, "the second try is for everybody");
    assert_eq!(share(2_001, 2), 1);
    assert_eq!(share(1_000, 1_000), 3, "the first, and two in vain");
    assert_eq!(share(100_000, 100_000), 1);
    // Those who have few to try leave more for the others.
    let mixed = std::iter::repeat_n(2, 700).chain(std::iter::repeat_n(500, 10));
    assert_eq!(Share::of(mixed, Budget::MachineSignatures), Share::MOST);
    for many in 1..200 {
        let tries = share(many, 1_000);
        assert!(tries == Share::MOST || (tries - 1) * many <= 2_000 && tries * many > 2_000, "{many}: {tries}");
    }
}

#[test]
fn v10_what_ran_out_is_named_whoever_spent_it() {
    for (place, budget) in Budget::ALL.into_iter().enumerate() {
        assert_eq!(budget as usize, place);
        let limit = budget.limit() as usize;
        let (mut spent, mut half) = (Spent::default(), Spent::default());
        assert_eq!((spent.spend(budget, limit), half.spend(budget, limit / 2)), (Ok(()), Ok(())));
        assert_eq!(half.clone().add(&half), Ok(()));
        assert_eq!(half.add(&spent), Err(budget));
        assert_eq!(spent.spend(budget, 1), Err(budget));
        assert_eq!(spent.spend(budget, usize::MAX), Err(budget));
    }
}
