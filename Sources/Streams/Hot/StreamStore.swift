// SPDX-License-Identifier: Apache-2.0
import CPrefetch
import RTP

/// The streams known, in slabs that never move, and a table that finds them by key.
///
/// Slabs, because an array that doubles holds two copies for a moment and that moment is the
/// peak of memory. The table is open-addressed with slots of 8 bytes (half the hash and the
/// index), so that eight of them share a cache line; it is at most half full.
@safe struct StreamStore: ~Copyable {
    private static let slabShift = 10
    private static let slabSize = 1 << slabShift
    /// Streams whose hot part fits half a second-level cache of 512 KiB.
    private static let fewStreams = 1024

    private var hotSlabs: UnsafeMutablePointer<UnsafeMutablePointer<HotStream>>
    private var totalSlabs: UnsafeMutablePointer<UnsafeMutablePointer<StreamTotals>>
    private var slots: UnsafeMutablePointer<UInt64>
    private var slotMask: Int
    private var slabCount = 0
    private var vacant: [Int32] = []
    /// Streams ever made, vacated ones included: one more than the greatest index in use.
    private(set) var count = 0
    /// Streams in use.
    private(set) var liveCount = 0
    /// Streams that may be in use at once.
    let limit: Int

    /// What keys are hashed with.
    let seed: UInt64

    init(limit: Int, seed: UInt64) {
        self.seed = seed
        precondition(MemoryLayout<HotStream>.stride == HotStream.size)
        self.limit = limit
        let slabLimit = (limit + StreamStore.slabSize - 1) >> StreamStore.slabShift
        unsafe hotSlabs = .allocate(capacity: slabLimit)
        unsafe totalSlabs = .allocate(capacity: slabLimit)
        slotMask = 1023
        unsafe slots = .allocate(capacity: 1024)
        unsafe slots.initialize(repeating: 0, count: 1024)
    }

    deinit {
        for slab in 0..<slabCount {
            unsafe hotSlabs[slab].deallocate()
            unsafe totalSlabs[slab].deallocate()
        }
        unsafe hotSlabs.deallocate()
        unsafe totalSlabs.deallocate()
        unsafe slots.deallocate()
    }

    /// The stream at `index`, which is below `count`.
    @inline(__always)
    func hot(_ index: Int) -> UnsafeMutablePointer<HotStream> {
        assert(index < count)
        return unsafe hotSlabs[index >> StreamStore.slabShift]
            + (index & (StreamStore.slabSize - 1))
    }

    /// The seldom-touched part of the stream at `index`, which is below `count`.
    @inline(__always)
    func totals(_ index: Int) -> UnsafeMutablePointer<StreamTotals> {
        assert(index < count)
        return unsafe totalSlabs[index >> StreamStore.slabShift]
            + (index & (StreamStore.slabSize - 1))
    }

    // A slot holds the hash's upper half above, and the index plus one below; zero is empty.

    @inline(__always)
    func prefetchSlot(_ hash: UInt64) {
        unsafe kuzet_prefetch(slots + (Int(truncatingIfNeeded: hash) & slotMask))
    }

    /// Asks for the cache lines of the stream that most likely has this hash.
    @inline(__always)
    func prefetchStream(_ hash: UInt64) {
        // A few streams stay in the cache by themselves.
        guard liveCount > StreamStore.fewStreams else { return }
        let slot = unsafe slots[Int(truncatingIfNeeded: hash) & slotMask]
        guard slot != 0 else { return }
        let index = Int(truncatingIfNeeded: slot & 0xffff_ffff) &- 1
        let line = unsafe UnsafeRawPointer(hot(index))
        unsafe kuzet_prefetch(line)
        unsafe kuzet_prefetch(line + 64)
        unsafe kuzet_prefetch(line + 128)
    }

    /// The index of the stream with this key, or nil.
    @inline(__always)
    func find(_ key: StreamKey, hash: UInt64) -> Int? {
        var place = Int(truncatingIfNeeded: hash) & slotMask
        while true {
            let slot = unsafe slots[place]
            if slot == 0 { return nil }
            if slot >> 32 == hash >> 32 {
                let index = Int(truncatingIfNeeded: slot & 0xffff_ffff) &- 1
                if unsafe hot(index).pointee.key == key { return index }
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
            if count >> StreamStore.slabShift == slabCount {
                unsafe hotSlabs[slabCount] = StreamStore.aligned(HotStream.self)
                unsafe totalSlabs[slabCount] = StreamStore.aligned(StreamTotals.self)
                slabCount += 1
            }
            index = count
            count += 1
        }
        liveCount += 1
        if liveCount * 2 > slotMask { doubleSlots() }
        place(hash: hash, index: index)
        return index
    }

    /// Forgets a stream.
    mutating func remove(_ index: Int, hash: UInt64) {
        var place = Int(truncatingIfNeeded: hash) & slotMask
        while unsafe slots[place] != StreamStore.slot(hash: hash, index: index) {
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
        vacant.append(Int32(index))
        liveCount -= 1
    }

    private static func slot(hash: UInt64, index: Int) -> UInt64 {
        (hash & ~0xffff_ffff) | UInt64(index + 1)
    }

    private func rehash(_ slot: UInt64) -> UInt64 {
        unsafe hot(Int(slot & 0xffff_ffff) - 1).pointee.key.hash(seed: seed)
    }

    private func place(hash: UInt64, index: Int) {
        var place = Int(truncatingIfNeeded: hash) & slotMask
        while unsafe slots[place] != 0 { place = (place + 1) & slotMask }
        unsafe slots[place] = StreamStore.slot(hash: hash, index: index)
    }

    private mutating func doubleSlots() {
        let old = unsafe slots
        let oldCount = slotMask + 1
        slotMask = oldCount * 2 - 1
        unsafe slots = .allocate(capacity: oldCount * 2)
        unsafe slots.initialize(repeating: 0, count: oldCount * 2)
        for place in 0..<oldCount where unsafe old[place] != 0 {
            let slot = unsafe old[place]
            self.place(hash: rehash(slot), index: Int(slot & 0xffff_ffff) - 1)
        }
        unsafe old.deallocate()
    }

    /// A slab whose first stream begins a cache line.
    private static func aligned<Part>(_ part: Part.Type) -> UnsafeMutablePointer<Part> {
        unsafe UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<Part>.stride * slabSize, alignment: 128
        ).bindMemory(to: Part.self, capacity: slabSize)
    }
}
