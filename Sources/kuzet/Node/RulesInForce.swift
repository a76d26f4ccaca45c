// SPDX-License-Identifier: Apache-2.0
import Ledger
import RTSP
import Registry
import Settings

/// Writes into the journal when the registry or the agreements are others than before.
///
/// Every change of a rule is an event of the journal: with it a report of last year can say by
/// what it was judged. Told apart by the SHA-256 of each list as `kuzet` itself writes it, so that
/// a comment or another order of lines is no change.
struct RulesInForce {
    private let ledger: Ledger
    private var known: [String: String] = [:]

    /// Learns what the journal said last.
    init(_ ledger: Ledger) throws {
        self.ledger = ledger
        for entry in try ledger.entries() {
            switch entry.event {
            case .registryChanged(let what, _, let after),
                .agreementChanged(let what, _, let after):
                known[what] = after
            default: break
            }
        }
    }

    /// Notes what is in force from now on; how many lists were others than before.
    mutating func note(_ registry: Registry, by actor: String) throws -> [String] {
        var changed: [String] = []
        for (name, text) in RegistryFiles.texts(of: registry) {
            let what = String(name.prefix { $0 != "." })
            let digest = digestHash(.sha256, Array(text.utf8))
                .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let before = known[what] ?? ""
            guard before != digest else { continue }
            let event: JournalEvent =
                what == "agreements"
                ? .agreementChanged(what: what, before: before, after: digest)
                : .registryChanged(what: what, before: before, after: digest)
            _ = try ledger.append(event, by: actor)
            known[what] = digest
            changed.append(what)
        }
        return changed
    }
}
