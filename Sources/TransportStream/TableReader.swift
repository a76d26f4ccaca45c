// SPDX-License-Identifier: Apache-2.0
import Octets

/// Reads the association table and the maps that it points to.
struct TableReader: Hashable, Sendable {
    private struct Map: Hashable, Sendable {
        var pid: PacketIdentifier
        var assembler = SectionAssembler()
        /// PIDs of this map that are not video.
        var others: [PacketIdentifier] = []
    }

    private var association = SectionAssembler()
    private var associationVersion: UInt8?
    /// One for each PID, though several programmes may share it; at most as many as programmes.
    private var maps: [Map] = []

    /// Sections not used: wrong check sum, wrong form, or too long.
    private(set) var rejectedSections: UInt64 = 0
    /// Entries of tables that point where nothing may be, or that are beyond a limit.
    private(set) var ignoredEntries: UInt64 = 0
    /// What was wrong with the sections that the last payload ended.
    private(set) var faults: [ParseFault] = []

    /// Whether `pid` carries a table that this reads.
    func reads(_ pid: PacketIdentifier) -> Bool {
        pid == .programAssociation || maps.contains { $0.pid == pid }
    }

    /// Whether a map says that `pid` is something other than video.
    func namesAsOther(_ pid: PacketIdentifier) -> Bool {
        maps.contains { $0.others.contains(pid) }
    }

    /// Takes a payload of a PID that this reads; returns the maps that are whole and valid now.
    mutating func receive(
        _ payload: Span<UInt8>, pid: PacketIdentifier, startsUnit: Bool
    ) -> [ProgramMapTable] {
        faults.removeAll(keepingCapacity: true)
        if pid == .programAssociation {
            let before = association.oversized
            let sections = association.receive(payload, startsUnit: startsUnit)
            reject(association.oversized - before)
            for section in sections { takeAssociation(section) }
            return []
        }
        guard let index = maps.firstIndex(where: { $0.pid == pid }) else { return [] }
        let before = maps[index].assembler.oversized
        let sections = maps[index].assembler.receive(payload, startsUnit: startsUnit)
        reject(maps[index].assembler.oversized - before)
        return sections.compactMap { takeMap($0, index) }
    }

    /// Gives up the sections begun on `pid`.
    mutating func drop(_ pid: PacketIdentifier) {
        if pid == .programAssociation { association.drop() }
        for index in maps.indices where maps[index].pid == pid { maps[index].assembler.drop() }
    }

    /// Gives up all sections begun.
    mutating func drop() {
        association.drop()
        for index in maps.indices { maps[index].assembler.drop() }
    }

    /// Counts sections too long to be gathered.
    private mutating func reject(_ oversized: UInt64) {
        rejectedSections &+= oversized
        let limit = SectionAssembler.limit
        for _ in 0..<oversized {
            faults.append(
                ParseFault(.overLimit, .psi, "section", offset: 1, needed: limit, had: limit + 1))
        }
    }

    private mutating func reject(_ fault: ParseFault) {
        rejectedSections &+= 1
        faults.append(fault)
    }

    private mutating func takeAssociation(_ section: [UInt8]) {
        let table: ProgramAssociationTable
        do throws(ParseFault) {
            table = try ProgramAssociationTable(section.span)
        } catch {
            return reject(error)
        }
        guard table.header.isCurrent else { return }
        ignoredEntries &+= UInt64(table.misdirected + table.ignored)
        if associationVersion != table.header.version {
            associationVersion = table.header.version
            let named = table.programs.map(\.mapPID)
            maps.removeAll { !named.contains($0.pid) }
        }
        for program in table.programs where !maps.contains(where: { $0.pid == program.mapPID }) {
            guard maps.count < ProgramAssociationTable.programLimit else {
                ignoredEntries &+= 1
                continue
            }
            maps.append(Map(pid: program.mapPID))
        }
    }

    private mutating func takeMap(_ section: [UInt8], _ index: Int) -> ProgramMapTable? {
        // Other tables, such as DVB's, may share the PID.
        guard section.first == ProgramMapTable.tableID else { return nil }
        let table: ProgramMapTable
        do throws(ParseFault) {
            table = try ProgramMapTable(section.span)
        } catch {
            reject(error)
            return nil
        }
        guard table.header.isCurrent else { return nil }
        ignoredEntries &+= UInt64(table.ignored)
        maps[index].others = table.streams.filter { $0.type.kind == .audio }.map(\.pid)
        return table
    }
}
