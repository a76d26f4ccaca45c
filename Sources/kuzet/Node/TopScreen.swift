// SPDX-License-Identifier: Apache-2.0

/// The live screen of a node: a list of cameras, or one camera with its last intervals.
///
/// Knows no terminal: keys and statuses come in as values, lines go out as values.
struct TopScreen {
    enum Sort: String, CaseIterable {
        case worst, name, loss, bitrate
    }

    private(set) var sort = Sort.worst
    private(set) var showsAll = true
    /// The chosen camera: it stays chosen while rows change places around it.
    private(set) var selected: String?
    /// The camera whose details are shown.
    private(set) var shown: String?
    /// The last intervals of the camera shown, newest first.
    var intervals: [NodeStatus.Camera] = []
    /// Why the node cannot be asked.
    var trouble: String?
    private var move = 0
    private var scroll = 0

    /// Takes a key; false if it asks to end.
    mutating func press(_ key: TerminalKey) -> Bool {
        switch key {
        case .character("q"), .character("Q"): return false
        case .escape: shown = nil
        case .enter:
            if shown == nil, let selected {
                shown = selected
                intervals = []
            }
        case .up: move -= 1
        case .down: move += 1
        case .pageUp: move -= 20
        case .pageDown: move += 20
        case .home: move = -1_000_000
        case .end: move = 1_000_000
        case .character("s"):
            let all = Sort.allCases
            sort = all[((all.firstIndex(of: sort) ?? 0) + 1) % all.count]
        case .character("a"): showsAll.toggle()
        default: break
        }
        return true
    }

    /// What is to be seen.
    mutating func lines(_ status: NodeStatus, size: TerminalSize) -> [StyledLine] {
        var lines = StatusScreen(status).head
        if let trouble { lines.append(StyledLine(trouble, .broken)) }
        lines.append(StyledLine())
        if let shown, let camera = status.cameras.first(where: { $0.id == shown }) {
            return lines + details(camera)
        }
        let rows = sorted(
            status.cameras.filter { showsAll || $0.rank < NodeStatus.Camera.wellRank })
        let room = max(1, size.rows - lines.count - 2)
        choose(rows, room)
        lines.append(StatusScreen.titles)
        for camera in rows.dropFirst(scroll).prefix(room) {
            lines.append(StatusScreen.line(camera, isSelected: camera.id == selected))
        }
        while lines.count < size.rows - 1 { lines.append(StyledLine()) }
        lines.append(
            StyledLine(
                "arrows choose  enter details  s sort: \(sort.rawValue)  a "
                    + (showsAll ? "only what is wrong" : "all cameras") + "  q quit", .dim))
        return lines
    }

    private mutating func choose(_ rows: [NodeStatus.Camera], _ room: Int) {
        defer { move = 0 }
        guard !rows.isEmpty else {
            selected = nil
            scroll = 0
            return
        }
        let before = rows.firstIndex { $0.id == selected } ?? 0
        let now = min(max(0, before + move), rows.count - 1)
        selected = rows[now].id
        scroll = min(max(scroll, now - room + 1), now)
        scroll = max(0, min(scroll, rows.count - room))
    }

    private func sorted(_ cameras: [NodeStatus.Camera]) -> [NodeStatus.Camera] {
        switch sort {
        case .worst: cameras
        case .name: cameras.sorted { $0.id < $1.id }
        case .loss: cameras.sorted { ($1.lossRatio ?? -1, $0.id) < ($0.lossRatio ?? -1, $1.id) }
        case .bitrate:
            cameras.sorted {
                ($0.kilobitsPerSecond ?? 1e9, $0.id) < ($1.kilobitsPerSecond ?? 1e9, $1.id)
            }
        }
    }

    private func details(_ camera: NodeStatus.Camera) -> [StyledLine] {
        var lines = [StyledLine("\(camera.id)  \(camera.name)", .title), StatusScreen.line(camera)]
        var facts = "site \(camera.site)  channel \(camera.channel)"
        if let vantage = camera.vantage { facts += "  seen at \(vantage)" }
        if let transport = camera.transport { facts += "  \(transport)" }
        if camera.isEncrypted == true { facts += "  encrypted" }
        lines.append(StyledLine(facts, .dim))
        lines += StatusScreen.lines(of: camera.checks)
        lines.append(StyledLine())
        var titles = StyledLine()
        for (title, width) in Self.columns {
            titles.append(title, .title, width: width, rightwards: true)
        }
        lines.append(titles)
        for interval in intervals { lines.append(Self.row(interval)) }
        lines.append(StyledLine())
        lines.append(StyledLine("esc back  q quit", .dim))
        return lines
    }

    private static let columns = [
        ("INTERVAL", 10), ("kbit/s", 9), ("fps", 7), ("loss", 9), ("gap ms", 9), ("jitter ms", 11),
        ("clock ms", 10), ("picture", 13), ("codec", 8),
    ]

    private static func row(_ interval: NodeStatus.Camera) -> StyledLine {
        func text(_ value: Double?, _ places: Int) -> String {
            value.map { StatusScreen.decimal($0, places) } ?? "-"
        }
        var picture = "-"
        if let width = interval.width, let height = interval.height {
            picture = "\(width)x\(height)"
        }
        let cells = [
            interval.measured.map { String($0.dropFirst(11).prefix(8)) } ?? "",
            interval.kilobitsPerSecond.map(StatusScreen.number) ?? "-",
            text(interval.framesPerSecond, 1),
            interval.lossRatio.map(StatusScreen.percent) ?? "-",
            text(interval.largestGapMilliseconds, 0), text(interval.jitterMilliseconds, 1),
            text(interval.clockOffsetMilliseconds, 0), picture, interval.codec ?? "-",
        ]
        var line = StyledLine()
        for (cell, column) in zip(cells, columns) {
            line.append(cell, .plain, width: column.1, rightwards: true)
        }
        return line
    }
}
