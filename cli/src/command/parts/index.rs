//! Which volume a task is: what the engine says.

use anyhow::{Context, Result, bail, ensure};

/// How engines tell a task of an array its number: Slurm, Kubernetes, AWS Batch, Google Batch,
/// Cloud Run.
const VARIABLES: [&str; 5] = [
    "SLURM_ARRAY_TASK_ID",
    "JOB_COMPLETION_INDEX",
    "AWS_BATCH_JOB_ARRAY_INDEX",
    "BATCH_TASK_INDEX",
    "CLOUD_RUN_TASK_INDEX",
];

/// The number given, or else the one of the variables.
pub fn index(given: Option<u64>, variable: impl Fn(&str) -> Option<String>) -> Result<u64> {
    if let Some(given) = given {
        return Ok(given);
    }
    let mut found: Option<(&str, u64)> = None;
    for name in VARIABLES {
        let Some(text) = variable(name).filter(|text| !text.is_empty()) else { continue };
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        ensure!(plain, "{name} is `{text}`, not the number of a volume");
        let number = text.parse().with_context(|| format!("{name} is `{text}`"))?;
        match found {
            Some((other, before)) if before != number => {
                bail!("{other} is {before} and {name} is {number}: give --index");
            }
            _ => found = Some((name, number)),
        }
    }
    let Some((_, number)) = found else {
        bail!(
            "which volume? Give --index, or run it as a task of an array ({})",
            VARIABLES.join(", ")
        );
    };
    Ok(number)
}

/// Numbers in order as engines take them: `3,7-9`.
pub fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let shown = ranges.iter().map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    shown.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(set: &[(&str, &str)]) -> Result<u64> {
        let variable = |name: &str| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        index(None, variable)
    }

    #[test]
    fn every_engine_is_understood_and_two_that_differ_are_not() {
        for name in VARIABLES {
            assert_eq!(of(&[(name, "7")]).unwrap(), 7);
            assert_eq!(index(Some(3), |_| Some("7".to_owned())).unwrap(), 3);
            for wrong in ["-1", "+1", "x", " 1", "99999999999999999999"] {
                assert!(of(&[(name, wrong)]).unwrap_err().to_string().contains(name), "{wrong}");
            }
        }
        assert_eq!(of(&[("BATCH_TASK_INDEX", "2"), ("JOB_COMPLETION_INDEX", "2")]).unwrap(), 2);
        let error = of(&[("BATCH_TASK_INDEX", "2"), ("JOB_COMPLETION_INDEX", "1")]).unwrap_err();
        assert!(error.to_string().contains("BATCH_TASK_INDEX is 2"), "{error}");
        assert!(of(&[("SLURM_ARRAY_TASK_ID", "")]).unwrap_err().to_string().contains("--index"));
    }

    #[test]
    fn missing_volumes_are_told_as_slurm_takes_them() {
        assert_eq!(ranges(&[]), "");
        assert_eq!(ranges(&[3, 7, 8, 9, 11]), "3,7-9,11");
        assert_eq!(ranges(&[0, 1]), "0-1");
    }
}
