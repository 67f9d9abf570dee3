use super::*;

#[test]
fn what_is_used_survives_and_what_is_not_goes() {
    let mut generations = Generations::default();
    let kept = |key: &[u8], value| KeptCertificate { hash: u64::from(key[0]), key: key.into(), value };
    generations.insert(kept(b"ca", 1), 100);
    for n in 0..1000u32 {
        generations.insert(kept(&n.to_be_bytes(), n), 100);
        assert_eq!(generations.get(u64::from(b'c'), b"ca", 100), Some(1));
    }
    assert!(generations.young.len() + generations.old.len() <= 52);
    assert_eq!(generations.get(0, &0u32.to_be_bytes(), 100), None);
}

#[test]
fn what_comes_again_is_kept_and_what_comes_once_is_not() {
    let (cached, decoded) = (Cached::default(), std::cell::Cell::new(0));
    let ask = |key: &[u8]| {
        let decode = || {
            decoded.set(decoded.get() + 1);
            Ok::<_, ()>(key.to_vec())
        };
        assert_eq!(cached.of(key, 100, decode), Ok(key.to_vec()));
        decoded.take()
    };
    assert_eq!([ask(b"ca"), ask(b"leaf"), ask(b"ca"), ask(b"ca")], [1, 1, 1, 0]);
    assert_eq!(cached.generations.lock().unwrap().bytes, 2);
    assert_eq!(
        [ask(&[0; 101]), ask(&[0; 101]), ask(&[0; 101])],
        [1, 1, 1],
        "what is longer than the limit is never kept"
    );
}

#[test]
fn of_keys_that_end_alike_few_are_kept_and_each_has_its_own_answer() {
    let cached = Cached::default();
    let alike = |n: u32| [&n.to_be_bytes()[..], &[7; ENDING]].concat();
    for round in 0..3 {
        for n in 0..100 {
            let key = alike(n);
            assert_eq!(cached.of(&key, 1 << 20, || Ok::<_, ()>(n)), Ok(n), "round {round}");
        }
    }
    assert_eq!(cached.generations.lock().unwrap().young.len(), ALIKE);
}

#[test]
fn base64_says_where_it_ends() {
    assert_eq!(base64("QUJD"), Ok(b"ABC".to_vec()));
    assert_eq!(base64("QU\nJD"), Ok(b"ABC".to_vec()));
    assert_eq!(base64("QU*D"), Err(2));
    assert_eq!(base64("QUJ"), Err(3));
}
