// SPDX-License-Identifier: Apache-2.0
import Foundation
import Registry

/// Octets of a file as text: UTF-8 and nothing else.
///
/// What is in another encoding is refused rather than guessed; a wrong guess makes names that
/// nobody finds again.
enum Unicode8 {
    /// The text of `octets`, or nil if they are no UTF-8.
    static func text(_ octets: some Collection<UInt8>) -> String? {
        String(validating: octets, as: UTF8.self)
    }

    /// Where UTF-8 ends in `octets`: the place of the first octet that does not fit.
    static func firstFault(in octets: [UInt8]) -> Int {
        var decoder = UTF8()
        var position = 0
        var iterator = octets.makeIterator()
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): position += UTF8.width(scalar)
            case .emptyInput, .error: return min(position, max(0, octets.count - 1))
            }
        }
    }

    /// The problem of octets that are no UTF-8, with the octet's place in the file and what the
    /// encoding probably is.
    static func problem(
        octet: UInt8, offset: Int, begins head: some Collection<UInt8>, at place: SourcePlace,
        field: String = ""
    ) -> RegistryProblem {
        let looksLike: String
        if head.starts(with: [0xff, 0xfe]) || head.starts(with: [0xfe, 0xff]) {
            looksLike = "; this looks like UTF-16"
        } else if octet >= 0xc0 || octet == 0xa8 || octet == 0xb8 || octet == 0xb3 {
            looksLike =
                "; this looks like Windows-1251"
                + " (iconv -f WINDOWS-1251 -t UTF-8 converts it)"
        } else {
            looksLike = ""
        }
        let code = String(octet, radix: 16, uppercase: true)
        return RegistryProblem(
            .error, .encoding, at: place, field: field,
            what: "not UTF-8: octet 0x\(code) at byte offset \(offset)",
            expected: "UTF-8" + looksLike)
    }

    /// `text` with letters and their marks joined as one code where there is one (Unicode's
    /// Normalization Form C), so that a name typed on another machine is the same name.
    static func composed(_ text: String) -> String {
        text.precomposedStringWithCanonicalMapping
    }

    /// Whether a text of such letters alone is composed already: all below U+0300 and the letters
    /// of Cyrillic, which is nearly every name.
    static func isComposed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x300 || (0x400...0x482).contains(scalar.value)
            || (0x48a...0x52f).contains(scalar.value)
            || (0x2010...0x2027).contains(scalar.value) || scalar.value == 0x2116
    }
}
