// SPDX-License-Identifier: Apache-2.0
import Ledger

@main
struct LedgerKillTarget {
    static func main() {}
}
