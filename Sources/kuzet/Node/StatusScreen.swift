// SPDX-License-Identifier: Apache-2.0

/// One screen that says how a node is: what is watched, what is wrong, how much is unknown and
/// why, how long the disk will do.
///
/// Knows no terminal and asks nobody: a status goes in, lines come out.
struct StatusScreen {
    /// Cameras listed on the one screen; `kuzet top` lists all.
    static let mostCameras = 25

    let status: NodeStatus

    init(_ status: NodeStatus) {
        self.status = status
    }

    /// All of it.
    var lines: [StyledLine] {
        var lines = head
        lines.append(StyledLine())
        let listed = status.cameras.filter { $0.rank < NodeStatus.Camera.wellRank }
        if listed.isEmpty {
            lines.append(StyledLine("Every camera is up.", .good))
        } else {
            lines.append(StatusScreen.titles)
            for camera in listed.prefix(Self.mostCameras) { lines += Self.folded(camera) }
            let left = max(notUp, listed.count) - min(listed.count, Self.mostCameras)
            if left > 0 { lines.append(StyledLine("  and \(left) more: kuzet top", .dim)) }
        }
        if !status.events.isEmpty {
            lines.append(StyledLine())
            lines.append(StyledLine("LATEST", .title))
            for event in status.events.prefix(5) { lines.append(Self.line(event)) }
        }
        return lines
    }

    private var notUp: Int {
        status.states.reduce(0) { $0 + ($1.key == "up" ? 0 : $1.value) }
    }

    /// The lines about the node itself.
    var head: [StyledLine] {
        var first = StyledLine(status.version, .title)
        first.append("  node \(status.node)  since \(Self.short(status.started))")
        first.append("  \(Self.short(status.now))", .dim)
        let checks = checks.map { $0.clipped(to: Self.columns) }
        return [first] + vantages + checks + [cameras] + day + ledger
    }

    private var vantages: [StyledLine] {
        if status.vantages.isEmpty {
            // What is asked is told in a line of its own.
            if status.pulls.wanted > 0 { return [] }
            return [StyledLine("watching  nothing: no `capture` and no `checks`", .near)]
        }
        var lines: [StyledLine] = []
        for vantage in status.vantages {
            var line = StyledLine("watching  ", .dim)
            line.append(vantage.name)
            if vantage.name != vantage.interface { line.append(" (\(vantage.interface))") }
            line.append(": ")
            line.append(vantage.state, vantage.isWatching ? .good : .broken)
            line.append(", \(Self.number(vantage.packetRate)) packets/s, ")
            let drops = "\(DecimalText.grouped(vantage.drops)) dropped"
            line.append(drops, vantage.drops > 0 ? .near : .plain)
            line.append(", \(vantage.cameras) cameras")
            lines.append(line)
            var strangers: [String] = []
            if vantage.unregisteredCount > 0 {
                strangers.append("\(vantage.unregisteredCount) streams of no camera")
            }
            if !vantage.ambiguous.isEmpty {
                strangers.append(
                    "\(vantage.ambiguous.count) whose beginning was not heard, of one of several cameras"
                )
            }
            if !strangers.isEmpty {
                lines.append(StyledLine("          " + strangers.joined(separator: ", "), .near))
            }
        }
        return lines
    }

    private var cameras: StyledLine {
        var line = StyledLine("cameras   ", .dim)
        line.append("\(status.registered): ")
        let order: [(String, Ink)] = [
            ("up", .good), ("degraded", .near), ("down", .broken), ("unknown", .unknown),
            ("excluded", .dim),
        ]
        for (index, (state, ink)) in order.enumerated() {
            let count = status.states[state] ?? 0
            line.append("\(index == 0 ? "" : ", ")")
            line.append("\(count) \(state)", count == 0 ? .dim : ink)
        }
        if status.silent > 0 { line.append("; \(status.silent) silent now", .broken) }
        return line
    }

    private var day: [StyledLine] {
        guard let day = status.day else { return [] }
        let all = day.up + day.degraded + day.down + day.unknown + day.excluded
        guard all > 0 else { return [] }
        func share(_ part: Double) -> String { Self.percent(part / all) }
        var line = StyledLine(day.isWhole ? "24 h      " : "so far    ", .dim)
        line.append(
            "up \(share(day.up)), degraded \(share(day.degraded)), down \(share(day.down)), ")
        line.append("unknown \(share(day.unknown))", day.unknown > 0 ? .unknown : .plain)
        if day.excluded > 0 { line.append(", excluded \(share(day.excluded))") }
        let reasons = day.unknownReasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !reasons.isEmpty else { return [line] }
        let texts = reasons.map { "\($0.key) \(share($0.value))" }
        return [line, StyledLine("          unknown: " + texts.joined(separator: ", "), .unknown)]
    }

    private var ledger: [StyledLine] {
        let ledger = status.ledger
        var line = StyledLine("ledger    ", .dim)
        line.append("\(Self.size(ledger.octets)), \(Self.size(ledger.diskFree)) free")
        if let days = ledger.daysLeft {
            let text = days > 3_650 ? "years" : "\(Int(days)) days"
            line.append(", full in \(text)", days < 30 ? .near : .plain)
        }
        line.append(", \(DecimalText.grouped(UInt64(clamping: ledger.kept))) kept")
        if let commit = ledger.lastCommit { line.append(", last \(Self.clock(commit))", .dim) }
        if ledger.waiting > 0 { line.append(", \(ledger.waiting) waiting", .near) }
        if ledger.refused > 0 { line.append(", \(ledger.refused) given up", .broken) }
        var lines = [line]
        if let fault = ledger.fault { lines.append(StyledLine("          \(fault)", .broken)) }
        return lines
    }

    // MARK: - Rows

    /// The heads of the columns of `line`.
    static let titles: StyledLine = {
        var line = StyledLine()
        line.append("STATE", .title, width: 10, rightwards: false)
        line.append("CAMERA", .title, width: 22, rightwards: false)
        line.append("SINCE", .title, width: 15, rightwards: false)
        line.append("kbit/s", .title, width: 7, rightwards: true)
        line.append("fps", .title, width: 6, rightwards: true)
        line.append("loss", .title, width: 8, rightwards: true)
        line.append("  WHAT", .title)
        return line
    }()

    /// Columns that all lines keep to.
    private static let columns = 100
    /// Where what there is to say of a camera goes on.
    private static let foldedAt = 12

    /// A camera in one row of 100 columns, and in as many more as what there is to say takes.
    static func folded(_ camera: NodeStatus.Camera) -> [StyledLine] {
        var said: [String] = []
        var rest = what(camera)[...]
        // The row says what fits, part by part, and one part in any case.
        while let part = rest.first,
            said.isEmpty || line(camera, saying: said + [part]).width <= columns
        {
            said.append(part)
            rest = rest.dropFirst()
        }
        let row = line(camera, saying: said)
        if row.width > columns { rest = said + rest }
        return [row.clipped(to: columns)]
            + rest.map { part in
                let indent = String(repeating: " ", count: foldedAt)
                return StyledLine(indent + part, .dim).clipped(to: columns)
            }
    }

    /// A camera in one row.
    static func line(
        _ camera: NodeStatus.Camera, isSelected: Bool = false, saying parts: [String]? = nil
    ) -> StyledLine {
        var line = StyledLine()
        let (word, ink) = word(of: camera)
        line.append(word, isSelected ? .selected : ink, width: 10, rightwards: false)
        line.append(
            clipped(camera.id, 21), isSelected ? .selected : .plain, width: 22, rightwards: false)
        let since = camera.silentSince ?? camera.since
        line.append(since.map(short) ?? "", .dim, width: 15, rightwards: false)
        line.append(
            camera.kilobitsPerSecond.map { number($0) } ?? "", .plain, width: 7, rightwards: true)
        line.append(
            camera.framesPerSecond.map { decimal($0, 1) } ?? "", .plain, width: 6,
            rightwards: true)
        line.append(camera.lossRatio.map(percent) ?? "", .plain, width: 8, rightwards: true)
        line.append("  " + (parts ?? what(camera)).joined(separator: ", "))
        return line
    }

    private static func word(of camera: NodeStatus.Camera) -> (String, Ink) {
        switch camera.state {
        case "down": ("DOWN", camera.isUnderWorks ? .near : .broken)
        case _ where camera.silentSince != nil: ("SILENT", .broken)
        case "degraded": ("degraded", .near)
        case "unknown": ("unknown", .unknown)
        case "excluded": ("excluded", .dim)
        default: camera.remarks.isEmpty ? ("up", .good) : ("up, but", .near)
        }
    }

    private static func what(_ camera: NodeStatus.Camera) -> [String] {
        var parts = camera.reasons
        if camera.silentSince != nil, camera.state != "down" {
            parts.insert("no frame comes", at: 0)
        }
        if camera.isUnderWorks { parts.append("planned works") }
        parts += camera.remarks
        if parts.isEmpty, let width = camera.width, let height = camera.height {
            parts.append("\(width)x\(height) \(camera.codec ?? "")")
        }
        return parts
    }

    static func line(_ event: NodeStatus.Event) -> StyledLine {
        var line = StyledLine("\(clock(event.noticed))  ", .dim)
        line.append(event.camera)
        switch event.kind {
        case .silent:
            line.append(" fell silent", .broken)
            line.append(", last frame \(clock(event.at))")
        case .returned:
            line.append(" is back", .good)
            line.append(", first frame \(clock(event.at))")
        }
        return line
    }

    // MARK: - Texts

    /// `2026-11-22T21:40:03.123+05:00` as `11-22 21:40:03`.
    static func short(_ stamp: String) -> String {
        guard stamp.count > 19 else { return stamp }
        return String(stamp.dropFirst(5).prefix(14)).replacing("T", with: " ")
    }

    /// The time of day of a stamp, with tenths.
    static func clock(_ stamp: String) -> String {
        guard stamp.count > 21 else { return stamp }
        return String(stamp.dropFirst(11).prefix(10))
    }

    static func decimal(_ value: Double, _ places: Int) -> String {
        DecimalText.fixed(value, decimals: places)
    }

    static func number(_ value: Double) -> String {
        DecimalText.grouped(UInt64(max(0, min(value, 1e15)).rounded()))
    }

    static func percent(_ share: Double) -> String {
        decimal(share * 100, share > 0 && share < 0.1 ? 2 : 1) + " %"
    }

    static func size(_ octets: Int64) -> String {
        var value = Double(octets)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1_000 { return decimal(value, unit == "B" ? 0 : 1) + " " + unit }
            value /= 1_000
        }
        return decimal(value, 1) + " TB"
    }

    static func clipped(_ text: String, _ width: Int) -> String {
        text.count > width ? String(text.prefix(width - 1)) + "…" : text
    }
}
