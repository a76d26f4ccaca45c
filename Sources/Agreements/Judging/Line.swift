// SPDX-License-Identifier: Apache-2.0

/// A queue that keeps its memory: elements leave at the front and come at the back, and neither
/// asks for memory in the steady case.
struct Line<Element: Hashable & Sendable>: Sendable {
    private var elements: [Element] = []
    private var head = 0

    init() {}

    init(_ elements: [Element]) {
        self.elements = elements
    }

    var isEmpty: Bool { head == elements.count }
    var count: Int { elements.count - head }
    var live: ArraySlice<Element> { elements[head...] }

    var first: Element? {
        get { head < elements.count ? elements[head] : nil }
        set {
            if let newValue, head < elements.count { elements[head] = newValue }
        }
    }

    var last: Element? {
        get { head < elements.count ? elements[elements.count - 1] : nil }
        set {
            if let newValue, head < elements.count { elements[elements.count - 1] = newValue }
        }
    }

    mutating func append(_ element: Element) {
        // What has left is swept away when it is more than what is there.
        if head > 16, head > elements.count / 2 {
            elements.removeFirst(head)
            head = 0
        }
        elements.append(element)
    }

    mutating func removeFirst() {
        head += 1
        if head == elements.count { removeAll() }
    }

    mutating func removeAll() {
        elements.removeAll(keepingCapacity: true)
        head = 0
    }
}

extension Line: Hashable {
    static func == (left: Line, right: Line) -> Bool { left.live == right.live }
    func hash(into hasher: inout Hasher) { hasher.combine(live) }
}
