// SPDX-License-Identifier: Apache-2.0
import Timekeeping

extension RegistryCheck {
    mutating func checkAgreement(_ draft: Drafted<Agreement>) {
        let agreement = draft.value
        let path = "agreements.\(agreement.id)"
        if Set(agreement.parties).count < 2 {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: draft.place(of: "between"), field: path + ".between",
                    what: "fewer than two parties",
                    got: agreement.parties.map(\.text).joined(separator: ", "),
                    expected: "two parties at least"))
        }
        for (index, party) in agreement.parties.enumerated() {
            _ = isKnown(
                party, in: \.parties, kind: .party, field: "\(path).between[\(index + 1)]",
                at: draft.fields.place(
                    of: "between[\(index)]", from: draft.place(of: "between")))
        }
        if agreement.overrides.thresholds.isEmpty {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: draft.place(of: "thresholds"),
                    field: path + ".thresholds", what: "no threshold",
                    expected: "one at least, or no agreement"))
        }
        if let end = agreement.validUntil, end <= agreement.validFrom {
            problems.append(
                RegistryProblem(
                    .error, .outOfRange, at: draft.place(of: "valid_until"),
                    field: path + ".valid_until", what: "an end that is not after the beginning",
                    got: end.text(decimals: 0),
                    expected: "after " + agreement.validFrom.text(decimals: 0)))
        }
        checkScope(draft, path)
    }

    private mutating func checkScope(_ draft: Drafted<Agreement>, _ path: String) {
        let isEmpty: Bool
        switch draft.value.scope {
        case .all: isEmpty = false
        case .kinds(let kinds): isEmpty = kinds.isEmpty
        case .sites(let ids):
            isEmpty = ids.isEmpty
            for (index, id) in ids.enumerated() {
                _ = isKnown(
                    id, in: \.sites, kind: .site, field: "\(path).scope.sites[\(index + 1)]",
                    at: RegistryCheck.scopePlace(draft, index))
            }
        case .cameras(let ids):
            isEmpty = ids.isEmpty
            for (index, id) in ids.enumerated() {
                _ = isKnown(
                    id, in: \.cameras, kind: .camera,
                    field: "\(path).scope.cameras[\(index + 1)]",
                    at: RegistryCheck.scopePlace(draft, index))
            }
        }
        if isEmpty {
            problems.append(
                RegistryProblem(
                    .error, .missing, at: draft.place(of: "scope"), field: path + ".scope",
                    what: "an empty scope", expected: "all, or at least one of its kind"))
        }
    }

    private static func scopePlace(_ draft: Drafted<Agreement>, _ index: Int) -> SourcePlace {
        draft.fields.place(of: "scope[\(index)]", from: draft.place(of: "scope"))
    }

    /// Two agreements that aim equally close, begin together, and set the same limit for the same
    /// cameras: nothing says which one holds.
    mutating func checkTies() {
        var seen: [Tie: Int] = [:]
        var named: Set<[Int]> = []
        for (index, draft) in drafts.agreements.enumerated() {
            for target in draft.value.scope.targets {
                for threshold in draft.value.overrides.thresholds.sorted(by: { $0.key < $1.key }) {
                    let tie = Tie(
                        start: draft.value.validFrom, target: target, threshold: threshold)
                    guard let first = seen[tie], first != index else {
                        seen[tie] = index
                        continue
                    }
                    guard named.insert([first, index]).inserted else { continue }
                    let other = drafts.agreements[first]
                    problems.append(
                        RegistryProblem(
                            .error, .ambiguousAgreement, at: draft.place(of: "scope"),
                            field: "agreements.\(draft.value.id).scope",
                            what: "the same rank, beginning and limit (\(threshold.key)) as "
                                + "agreement `\(other.value.id)` (at \(other.place)) for "
                                + (target.isEmpty ? "all cameras" : "`\(target)`"),
                            expected: "another `valid_from`, or a closer scope for one of them"))
                }
            }
        }
    }

    private struct Tie: Hashable {
        let start: Instant
        let target: String
        let threshold: Threshold
    }
}

extension Agreement.Scope {
    /// What it names, one by one, in words that differ between kinds of scope; empty for all.
    fileprivate var targets: Set<String> {
        switch self {
        case .all: [""]
        case .kinds(let kinds): Set(kinds.map { "kind " + $0.key })
        case .sites(let sites): Set(sites.map { "site " + $0.text })
        case .cameras(let cameras): Set(cameras.map { "camera " + $0.text })
        }
    }
}
