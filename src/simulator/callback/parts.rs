//! Into how many parts a text is split on the air (3GPP TS 23.040).

const GSM_BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const GSM_EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Parts of a text: 160 or 153 septets each, or 70 or 67 UTF-16 units.
pub(in crate::simulator) fn count(text: &str) -> usize {
    let mut septets = 0;
    for letter in text.chars() {
        if GSM_BASIC.contains(letter) {
            septets += 1;
        } else if GSM_EXTENSION.contains(letter) {
            septets += 2;
        } else {
            return split(text.encode_utf16().count(), 70, 67);
        }
    }
    split(septets, 160, 153)
}

fn split(units: usize, single: usize, per_part: usize) -> usize {
    if units <= single { 1 } else { units.div_ceil(per_part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_at_the_edges() {
        let counts =
            [("a", 160), ("a", 161), ("€", 80), ("€", 81), ("я", 70), ("я", 71), ("😀", 35)];
        let counts = counts.map(|(letter, times)| count(&letter.repeat(times)));
        assert_eq!(counts, [1, 2, 1, 2, 1, 2, 1]);
        assert_eq!(
            (count("a".repeat(1_600).as_str()), count("я".repeat(1_600).as_str())),
            (11, 24)
        );
    }
}
