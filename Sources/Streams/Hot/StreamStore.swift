// SPDX-License-Identifier: Apache-2.0
import CPrefetch
import RTP

/// The streams known, in memory that never moves, and a table that finds them by key.
///
/// Room for all streams that may ever be is asked for at once, and taken by the system page by
/// page when it is first written: an array that doubles holds two copies for a moment, and that
/// moment is the peak of memory; slabs cost every packet a look at where they begin. The table is
/// open-addressed with slots of 4 bytes, so that sixteen of them share a cache line; it is at most
/// two fifths full, so that the first slot looked at is mostly the right one.
@safe struct StreamStore: ~Copyable {
    let hotBase: UnsafeMutablePointer<HotStream>
    private let totalsBase: UnsafeMutablePointer<StreamTotals>
    private let troublesBase: UnsafeMutablePointer<StreamTroubles>
    private var slots: UnsafeMutablePointer<UInt32>
    private var slotMask: Int
    /// The bits of a slot that hold an index plus one; the others hold some of the hash.
    private let indexMask: UInt32
    private var vacant: [Int32] = []
    /// Streams ever made, vacated ones included: one more than the greatest index in use.
    private(set) var count = 0
    /// Streams in use.
    private(set) var liveCount = 0
    /// Streams that may be in use at once.
    let limit: Int

    /// What keys are hashed with.
    let seed: UInt64

    /// Slots of the smallest table.
    private static let leastSlots = 1024
    /// The greatest limit: enough bits of a slot remain for the hash.
    private static let greatestLimit = 1 << 26

    init(limit: Int, seed: UInt64) {
        self.seed = seed
        precondition(MemoryLayout<HotStream>.stride == HotStream.size)
        precondition(limit > 0 && limit <= StreamStore.greatestLimit)
        self.limit = limit
        indexMask = UInt32.max >> UInt32(UInt32(limit).leadingZeroBitCount)
        unsafe hotBase = StreamStore.aligned(HotStream.self, limit)
        unsafe totalsBase = StreamStore.aligned(StreamTotals.self, limit)
        // What each packet touches; of the rest, pages of 4 KiB take less.
        let size = HotStream.size * limit
        if size > StreamStore.largePage {
            unsafe kuzet_prefer_large_pages(
                UnsafeMutableRawPointer(hotBase) + StreamStore.largePage,
                size - StreamStore.largePage)
        }
        unsafe troublesBase = kuzet_zeroed(limit, MemoryLayout<StreamTroubles>.stride)
            .bindMemory(to: StreamTroubles.self, capacity: limit)
        slotMask = StreamStore.leastSlots - 1
        unsafe slots = .allocate(capacity: StreamStore.leastSlots)
        unsafe slots.initialize(repeating: 0, count: StreamStore.leastSlots)
    }

    deinit {
        unsafe hotBase.deallocate()
        unsafe totalsBase.deallocate()
        unsafe kuzet_give_back(troublesBase)
        unsafe slots.deallocate()
    }

    /// The stream at `index`, which is below `count`.
    @inline(__always)
    func hot(_ index: Int) -> UnsafeMutablePointer<HotStream> {
        assert(index < count)
        return unsafe hotBase + index
    }

    /// The seldom-touched part of the stream at `index`, which is below `count`.
    @inline(__always)
    func totals(_ index: Int) -> UnsafeMutablePointer<StreamTotals> {
        assert(index < count)
        return unsafe totalsBase + index
    }

    /// What went wrong with the stream at `index`, which is below `count`.
    @inline(__always)
    func troubles(_ index: Int) -> UnsafeMutablePointer<StreamTroubles> {
        assert(index < count)
        return unsafe troublesBase + index
    }

    // A slot holds the top of the hash above, and the index plus one below; zero is empty.

    /// What finding streams needs, to be held while the table does not change.
    var view: StreamSlots {
        unsafe StreamSlots(
            slots: slots, mask: slotMask, indexMask: indexMask,
            hotBase: hotBase)
    }

    /// The index of the stream that most likely has this hash, or -1.
    ///
    /// Its key is not looked at: that is for `find`, or for whoever has the line anyway.
    @inline(__always)
    func candidate(_ hash: UInt64) -> Int { view.candidate(hash) }

    /// Asks for what a new frame touches besides.
    @inline(__always)
    func prefetchFrame(_ index: Int) {
        let line = unsafe UnsafeRawPointer(hotBase + index)
        unsafe kuzet_prefetch(line + 128)
        unsafe kuzet_prefetch(line + 192)
        let totals = unsafe UnsafeRawPointer(totalsBase + index)
        unsafe kuzet_prefetch(totals)
        unsafe kuzet_prefetch(totals + 63)
    }

    /// The index of the stream with this key, or nil.
    @inline(__always)
    func find(_ key: StreamKey, hash: UInt64) -> Int? {
        let top = UInt32(truncatingIfNeeded: hash &>> 32)
        var place = Int(truncatingIfNeeded: hash) & slotMask
        while true {
            let slot = unsafe slots[place]
            if slot == 0 { return nil }
            if (slot ^ top) & ~indexMask == 0 {
                let index = Int(slot & indexMask) &- 1
                if unsafe hot(index).pointee.has(key) { return index }
            }
            place = (place &+ 1) & slotMask
        }
    }

    /// Makes a place for a stream that is not there yet, or nil at the limit.
    ///
    /// The caller initialises both parts.
    mutating func insert(hash: UInt64) -> Int? {
        let index: Int
        if let reused = vacant.popLast() {
            index = Int(reused)
        } else {
            guard count < limit else { return nil }
            index = count
            count += 1
        }
        liveCount += 1
        if liveCount * 5 > slotMask * 2 { doubleSlots(without: index) }
        place(hash: hash, index: index)
        return index
    }

    /// Forgets a stream.
    mutating func remove(_ index: Int, hash: UInt64) {
        var place = Int(truncatingIfNeeded: hash) & slotMask
        let sought = slot(hash: hash, index: index)
        while unsafe slots[place] != sought {
            if unsafe slots[place] == 0 { return }
            place = (place + 1) & slotMask
        }
        // Closes the hole: whoever stands behind and would have stood here moves up.
        var hole = place
        var next = (place + 1) & slotMask
        while unsafe slots[next] != 0 {
            let follower = unsafe slots[next]
            let home = Int(truncatingIfNeeded: rehash(follower)) & slotMask
            if (next - home) & slotMask >= (next - hole) & slotMask {
                unsafe slots[hole] = follower
                hole = next
            }
            next = (next + 1) & slotMask
        }
        unsafe slots[hole] = 0
        unsafe hot(index).pointee.flags = .vacant
        // Whoever has this index next begins without.
        if unsafe troubles(index).pointee != StreamTroubles() {
            unsafe troubles(index).pointee = StreamTroubles()
        }
        vacant.append(Int32(index))
        liveCount -= 1
    }

    private func slot(hash: UInt64, index: Int) -> UInt32 {
        (UInt32(truncatingIfNeeded: hash >> 32) & ~indexMask) | UInt32(index + 1)
    }

    private func rehash(_ slot: UInt32) -> UInt64 {
        unsafe hot(Int(slot & indexMask) - 1).pointee.key.hash(seed: seed)
    }

    private func place(hash: UInt64, index: Int) {
        var place = Int(truncatingIfNeeded: hash) & slotMask
        while unsafe slots[place] != 0 { place = (place + 1) & slotMask }
        unsafe slots[place] = slot(hash: hash, index: index)
    }

    /// Doubles the table and enters all streams again but the one that has no key yet.
    ///
    /// By index, as their memory lies: in the order of the table each would be a miss.
    private mutating func doubleSlots(without newest: Int) {
        let size = (slotMask + 1) * 2
        unsafe slots.deallocate()
        slotMask = size - 1
        unsafe slots = .allocate(capacity: size)
        unsafe slots.initialize(repeating: 0, count: size)
        for index in 0..<count where index != newest {
            guard unsafe !hot(index).pointee.flags.contains(.vacant) else { continue }
            place(hash: unsafe hot(index).pointee.key.hash(seed: seed), index: index)
        }
    }

    /// A large page of the processor's: the first of them stays divided, so that who sees few
    /// streams takes no more than they need.
    private static let largePage = 2 * 1024 * 1024

    /// Memory whose first element begins a large page.
    private static func aligned<Part>(
        _ part: Part.Type, _ count: Int
    ) -> UnsafeMutablePointer<Part> {
        unsafe UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<Part>.stride * count, alignment: largePage
        ).bindMemory(to: Part.self, capacity: count)
    }
}

/// A look at the table of a `StreamStore`, valid until a stream comes or goes.
@safe struct StreamSlots {
    let slots: UnsafePointer<UInt32>
    let mask: Int
    private let indexMask: UInt32
    private let hashMask: UInt32
    private let hotBase: UnsafeMutablePointer<HotStream>

    init(
        slots: UnsafePointer<UInt32>, mask: Int, indexMask: UInt32,
        hotBase: UnsafeMutablePointer<HotStream>
    ) {
        unsafe self.slots = slots
        self.mask = mask
        self.indexMask = indexMask
        hashMask = ~indexMask
        unsafe self.hotBase = hotBase
    }

    /// The index of the stream that most likely has this hash, or -1.
    @inline(__always)
    func candidate(_ hash: UInt64) -> Int {
        let top = UInt32(truncatingIfNeeded: hash &>> 32)
        var place = Int(truncatingIfNeeded: hash) & mask
        var slot = unsafe slots[place]
        while (slot ^ top) & hashMask != 0 {
            if slot == 0 { return -1 }
            place = (place &+ 1) & mask
            slot = unsafe slots[place]
        }
        // An empty slot may look like a hash that begins with zeros: -1 then, too.
        return Int(slot & indexMask) &- 1
    }

    /// The stream at `index`, which `candidate` answered.
    @inline(__always)
    func stream(_ index: Int) -> UnsafeMutablePointer<HotStream> { unsafe hotBase + index }

    /// The same, and asks for the stream's cache lines.
    @inline(__always)
    func prefetchStream(_ hash: UInt64) -> Int32 {
        let index = candidate(hash)
        // Without a stream it asks for what lies before all of them, which costs less than a
        // branch.
        unsafe kuzet_prefetch_near(hotBase, index &* HotStream.size)
        unsafe kuzet_prefetch_near(hotBase, index &* HotStream.size &+ 64)
        return Int32(truncatingIfNeeded: index)
    }
}
