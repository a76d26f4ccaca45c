// SPDX-License-Identifier: Apache-2.0

/// The word that was probably meant.
public enum NearestWord {
    /// Words compared at most: beyond, a suggestion is not worth its time (chosen).
    static let largestVocabulary = 10_000

    /// The nearest of `words` to `text` by edits (a letter put in, left out, changed, or two
    /// swapped), or nil if none is near: one edit for up to four letters, two for more.
    ///
    /// Of equally near ones the first in order is given, so that the answer does not depend on the
    /// order of `words`.
    public static func nearest(to text: String, in words: some Sequence<String>) -> String? {
        let letters = Array(text.lowercased().unicodeScalars)
        guard letters.count <= 64 else { return nil }
        let limit = letters.count <= 4 ? 1 : 2
        var best: (distance: Int, word: String)?
        for word in words.prefix(largestVocabulary) {
            let other = Array(word.lowercased().unicodeScalars)
            guard abs(other.count - letters.count) <= limit else { continue }
            let distance = edits(letters, other)
            if distance <= limit, best.map({ (distance, word) < $0 }) ?? true {
                best = (distance, word)
            }
        }
        return best?.word
    }

    /// Edits between two words, neighbouring letters swapped counting as one (the restricted
    /// Damerau–Levenshtein distance).
    static func edits(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var last = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            for column in 0..<second.count {
                let change = last[column] + (first[row] == second[column] ? 0 : 1)
                var cost = min(last[column + 1] + 1, current[column] + 1, change)
                if row > 0, column > 0, first[row] == second[column - 1],
                    first[row - 1] == second[column]
                {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            (before, last) = (last, current)
        }
        return last[second.count]
    }
}
