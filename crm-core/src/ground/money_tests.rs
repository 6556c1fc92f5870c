use proptest::prelude::*;

use super::*;

fn currency(code: &str) -> Currency {
    Currency::from_code(code).unwrap()
}

#[test]
fn parses_exactly() {
    let check = |text: &str, code: &str, expected: Result<i64, &str>| {
        let result = Money::parse(text, currency(code));
        assert_eq!(result.as_ref().map(|money| money.minor()).map_err(CrmError::code), expected, "{text}");
    };
    check("1234.50", "EUR", Ok(123_450));
    check("1234.5", "EUR", Ok(123_450));
    check(" -0.05 ", "EUR", Ok(-5));
    check("+7", "EUR", Ok(700));
    check("1.500", "EUR", Ok(150));
    check("1.505", "EUR", Err("money.too_many_decimals"));
    check("100", "JPY", Ok(100));
    check("100.0", "JPY", Ok(100));
    check("100.5", "JPY", Err("money.too_many_decimals"));
    check("1.2345", "BHD", Err("money.too_many_decimals"));
    check("1.234", "BHD", Ok(1234));
    check("1.2345", "CLF", Ok(12_345));
    check("92233720368547758.07", "EUR", Ok(i64::MAX));
    check("-92233720368547758.08", "EUR", Ok(i64::MIN));
    check("92233720368547758.08", "EUR", Err("money.overflow"));
    for text in ["", "-", ".", "1.", ".5", "1,5", "1e3", "NaN", "--1", "+-1", "1 000", "٣", "0x1", "1.-5"] {
        check(text, "EUR", Err("money.invalid"));
    }
}

#[test]
fn reads_and_prints() {
    let check = |text: &str, expected: Result<&str, &str>| {
        let result = text.parse::<Money>().map(|money| money.to_string());
        assert_eq!(result.as_deref().map_err(CrmError::code), expected, "{text}");
    };
    check("1234.50 EUR", Ok("1,234.50 EUR"));
    check("EUR 1234.50", Ok("1,234.50 EUR"));
    check("eur  -1234567", Ok("-1,234,567.00 EUR"));
    check("1,234,567.8 USD", Ok("1,234,567.80 USD"));
    check("-1,234 JPY", Ok("-1,234 JPY"));
    check("999 JPY", Ok("999 JPY"));
    check("1,5 EUR", Err("money.invalid"));
    check("12,34.50 EUR", Err("money.invalid"));
    check("1.5,0 EUR", Err("money.invalid"));
    check("5", Err("money.invalid"));
    check("5 XXX", Err("currency.unknown"));
}

#[test]
fn arithmetic() {
    let (euro, dollar) = (Money::new(100, currency("EUR")), Money::new(100, currency("USD")));
    assert_eq!(euro.checked_add(euro).unwrap().minor(), 200);
    assert_eq!(euro.checked_add(dollar).unwrap_err().code(), "money.currency_mismatch");
    assert_eq!(euro.checked_sub(dollar).unwrap_err().code(), "money.currency_mismatch");
    let most = Money::new(i64::MAX, currency("EUR"));
    assert_eq!(most.checked_add(euro).unwrap_err().code(), "money.overflow");
    assert_eq!(Money::new(i64::MIN, currency("EUR")).checked_neg().unwrap_err().code(), "money.overflow");
    assert_eq!(most.multiply(Decimal::TWO, Rounding::Down).unwrap_err().code(), "money.overflow");
    assert_eq!(Money::sum([euro, euro], currency("EUR")).unwrap().minor(), 200);
}

#[test]
fn rounds_as_stated() {
    let check = |minor: i64, factor: &str, expected: [i64; 4]| {
        let money = Money::new(minor, currency("EUR"));
        let all = [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up];
        let results = all.map(|rounding| money.multiply(factor.parse().unwrap(), rounding).unwrap().minor());
        assert_eq!(results, expected, "{minor} * {factor}");
        let decimal = money.to_decimal() * factor.parse::<Decimal>().unwrap();
        let other = all.map(|r| Money::from_decimal(decimal, currency("EUR"), r).unwrap().minor());
        assert_eq!(other, expected, "{minor} * {factor} as a decimal");
    };
    check(5, "0.5", [3, 2, 2, 3]);
    check(7, "0.5", [4, 4, 3, 4]);
    check(-5, "0.5", [-3, -2, -2, -3]);
    check(10, "0.33", [3, 3, 3, 4]);
    check(10, "-0.37", [-4, -4, -3, -4]);
    check(10, "2", [20, 20, 20, 20]);
    let net = Money::new(1999, currency("EUR"));
    assert_eq!(net.percent(Decimal::from(19), Rounding::HalfUp).unwrap().minor(), 380);
    assert_eq!(net.percent("0.001".parse().unwrap(), Rounding::Up).unwrap().minor(), 1);
}

#[test]
fn json() {
    let check = |text: &str, expected: Option<i64>| {
        let money = serde_json::from_str::<Money>(text).ok();
        assert_eq!(money.map(Money::minor), expected, "{text}");
    };
    check(r#"{"amount":"1234.50","currency":"EUR"}"#, Some(123_450));
    check(r#"{"amount":1234.5,"currency":"EUR"}"#, Some(123_450));
    check(r#"{"amount":0.1,"currency":"EUR"}"#, Some(10));
    check(r#"{"amount":-12,"currency":"JPY"}"#, Some(-12));
    check(r#"{"amount":1.005,"currency":"EUR"}"#, None);
    check(r#"{"amount":99999999999999.99,"currency":"EUR"}"#, None);
    check(r#"{"amount":1e300,"currency":"EUR"}"#, None);
    check(r#"{"amount":"1","currency":"EUR","x":1}"#, None);
    check(r#"{"amount":null,"currency":"EUR"}"#, None);
    check(r#"{"currency":"EUR"}"#, None);
    let money = Money::new(-5, currency("EUR"));
    assert_eq!(serde_json::to_string(&money).unwrap(), r#"{"amount":"-0.05","currency":"EUR"}"#);
}

#[test]
fn allocates_by_largest_remainder() {
    let check = |minor: i64, weights: &[u32], expected: &[i64]| {
        let parts = Money::new(minor, currency("EUR")).allocate(weights).unwrap();
        assert_eq!(parts.into_iter().map(Money::minor).collect::<Vec<_>>(), expected);
    };
    check(100, &[1, 1, 1], &[34, 33, 33]);
    check(-100, &[1, 1, 1], &[-34, -33, -33]);
    check(5, &[3, 7], &[2, 3]);
    check(10, &[0, 1], &[0, 10]);
    check(1, &[1, 3], &[0, 1]);
    for weights in [&[][..], &[0, 0]] {
        let error = Money::new(1, currency("EUR")).allocate(weights).unwrap_err();
        assert_eq!(error.code(), "money.weights");
    }
}

fn any_money() -> impl Strategy<Value = Money> {
    let currencies: Vec<_> = Currency::all().collect();
    (any::<i64>(), proptest::sample::select(currencies)).prop_map(|(minor, unit)| Money::new(minor, unit))
}

proptest! {
    #[test]
    fn print_and_parse_round_trip(money in any_money()) {
        prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        prop_assert_eq!(Money::parse(&money.to_decimal_string(), money.currency()), Ok(money));
        let text = serde_json::to_string(&money).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), money);
        prop_assert_eq!(Money::from_decimal(money.to_decimal(), money.currency(), Rounding::Down), Ok(money));
    }

    #[test]
    fn parts_sum_to_the_whole(money in any_money(), weights in prop::collection::vec(any::<u32>(), 1..20)) {
        prop_assume!(weights.iter().any(|weight| *weight > 0));
        let parts = money.allocate(&weights).unwrap();
        prop_assert_eq!(Money::sum(parts.iter().copied(), money.currency()), Ok(money));
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            // No part is a whole unit away from its exact share.
            let distance = i128::from(part.minor()) * total - i128::from(money.minor()) * i128::from(*weight);
            prop_assert!(distance.abs() < total);
        }
    }

    #[test]
    fn subtraction_undoes_addition(a in any_money(), minor in any::<i64>()) {
        let b = Money::new(minor, a.currency());
        if let Ok(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Ok(a));
            prop_assert_eq!(b.checked_add(a), Ok(sum));
        }
    }

    #[test]
    fn rounding_stays_within_a_unit(value in any::<i64>(), divisor in 1_i128..1_000_000) {
        for rounding in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up] {
            let result = rounding.divide(i128::from(value), divisor);
            prop_assert!((result * divisor - i128::from(value)).abs() < divisor);
        }
    }
}
