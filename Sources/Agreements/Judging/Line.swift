// SPDX-License-Identifier: Apache-2.0

/// A queue that mostly holds one element or none, and then asks for no memory: the first element
/// lies in the queue itself, the rest in an array that is kept.
struct Line<Element: Hashable & Sendable>: Sendable {
    /// The element that leaves next; nil if there is none.
    private var front: Element?
    private var rest: [Element] = []
    private var head = 0
    /// How many are in `rest`; so that asking does not touch its memory.
    private var behind = 0

    init() {}

    init(_ elements: [Element]) {
        for element in elements { append(element) }
    }

    var isEmpty: Bool { front == nil }
    var count: Int { front == nil ? 0 : 1 + behind }

    /// All elements, the first first.
    var live: [Element] {
        guard let front else { return [] }
        return [front] + rest[head...]
    }

    var first: Element? {
        get { front }
        set { if newValue != nil, front != nil { front = newValue } }
    }

    var last: Element? {
        get { behind == 0 ? front : rest[rest.count - 1] }
        set {
            guard let newValue, front != nil else { return }
            if behind == 0 { front = newValue } else { rest[rest.count - 1] = newValue }
        }
    }

    mutating func append(_ element: Element) {
        guard front != nil else {
            front = element
            return
        }
        // What has left is swept away when it is more than what is there.
        if head > 16, head > behind {
            rest.removeFirst(head)
            head = 0
        }
        rest.append(element)
        behind += 1
    }

    mutating func removeFirst() {
        guard behind > 0 else {
            front = nil
            return
        }
        front = rest[head]
        head += 1
        behind -= 1
        if behind == 0 {
            rest.removeAll(keepingCapacity: true)
            head = 0
        }
    }

    mutating func removeAll() {
        front = nil
        guard behind > 0 else { return }
        rest.removeAll(keepingCapacity: true)
        head = 0
        behind = 0
    }
}

extension Line: Hashable {
    static func == (left: Line, right: Line) -> Bool {
        left.front == right.front && left.rest[left.head...] == right.rest[right.head...]
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(front)
        hasher.combine(rest[head...])
    }
}
