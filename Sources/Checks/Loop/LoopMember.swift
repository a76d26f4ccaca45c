// SPDX-License-Identifier: Apache-2.0

/// What a descriptor is to its owner.
enum LoopRole: Hashable {
    case dialling
    case carrier(Int)
    case media(Int)
    case control(Int)
    /// The only one.
    case other
}

/// Somebody who waits for descriptors and for time in a loop.
protocol LoopMember: AnyObject {
    func ready(_ role: LoopRole, _ readiness: Poller.Readiness)
    /// Ten times a second.
    func timePassed()
    /// What was gathered is to be handed on now.
    func handOn()
}

extension LoopMember {
    func handOn() {}
}
