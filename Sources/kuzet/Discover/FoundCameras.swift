// SPDX-License-Identifier: Apache-2.0
import Checks
import Measurements
import Packets
import Registry

/// What a search and listening gave, each camera once, and which of them a registry has.
struct FoundCameras {
    /// By host and stream.
    let cameras: [FoundCamera]
    /// Cameras that have what a registry allows but one: the stream, or an address without one.
    let doubles: [FoundCamera]

    init(devices: [AskedDevice], heard: [InitAnswers.Found], registry: Registry?) {
        var cameras: [FoundCamera] = []
        var rest = heard
        for device in devices {
            let pictures = device.pictures
            for profiles in pictures {
                var camera = FoundCamera(device, profiles, isOnly: pictures.count == 1)
                Self.take(&rest, for: &camera, isOnly: pictures.count == 1)
                cameras.append(camera)
            }
        }
        cameras += rest.map { FoundCamera($0) }
        cameras.sort { ($0.host, $0.stream) < ($1.host, $1.stream) }
        let known = registry.map { KnownCameras($0) }
        var claims: Set<String> = []
        var (first, doubles): ([FoundCamera], [FoundCamera]) = ([], [])
        for var camera in cameras {
            if claims.insert(camera.claim).inserted {
                camera.registered = known?.which(camera, heard) ?? []
                first.append(camera)
            } else {
                doubles.append(camera)
            }
        }
        self.cameras = first
        self.doubles = doubles
    }

    /// Gives a camera the streams that are surely its own.
    private static func take(
        _ rest: inout [InitAnswers.Found], for camera: inout FoundCamera, isOnly: Bool
    ) {
        let (host, urls) = (camera.host, camera.urls)
        let here = rest.count { $0.host == host }
        func isOwn(_ heard: InitAnswers.Found) -> Bool {
            // One stream of a device of one picture can only be that.
            urls.contains(heard.stream) || (isOnly && here == 1 && heard.host == host)
        }
        for heard in rest where isOwn(heard) { camera.take(heard) }
        rest.removeAll(where: isOwn)
    }
}

/// Cameras of a registry by what can be found of them.
struct KnownCameras {
    private let matcher: StreamMatcher
    private var managed: [String: [CameraID]] = [:]

    init(_ registry: Registry) {
        matcher = StreamMatcher(registry)
        for camera in registry.cameras {
            guard let host = camera.address?.host else { continue }
            managed[host.description, default: []].append(camera.id)
        }
    }

    /// Those that a camera is; several if that cannot be told.
    func which(_ camera: FoundCamera, _ heard: [InitAnswers.Found]) -> [CameraID] {
        var ids: Set<CameraID> = []
        for url in camera.urls.union([camera.stream]) where url.contains("://") {
            ids.formUnion(match(url, from: camera.host, to: nil))
        }
        for one in heard where one.stream == camera.stream && !one.stream.contains("://") {
            for identity in one.heard {
                ids.formUnion(match(nil, from: identity.source, to: identity.destination))
            }
        }
        guard ids.isEmpty, camera.device.map({ $0.pictures.count == 1 }) ?? false
        else { return ids.sorted() }
        // A device of one picture is the camera at its address, whatever its stream is called.
        ids.formUnion(match(nil, from: camera.host, to: nil))
        ids.formUnion(managed[camera.host] ?? [])
        return ids.sorted()
    }

    private func match(_ url: String?, from source: String, to destination: String?) -> [CameraID] {
        let nobody = NetworkEndpoint(address: NetworkAddress(high: 0, low: 0), port: 0)
        let trace = StreamTrace(
            url: url, source: NetworkEndpoint(source) ?? nobody,
            destination: destination.flatMap { NetworkEndpoint($0) } ?? nobody)
        switch matcher.match(trace) {
        case .camera(let id, _): return [id]
        case .ambiguous(let ids, _): return ids
        case .unregistered: return []
        }
    }
}

extension NetworkEndpoint {
    /// Reads an address with or without a port.
    fileprivate init?(_ text: String) {
        guard let place = try? HostPort(parsing: text), let address = place.host.address
        else { return nil }
        self.init(address: address, port: place.port ?? 0)
    }
}
