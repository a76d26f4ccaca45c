// SPDX-License-Identifier: Apache-2.0
import Reports

/// Holds a report's files against its manifest, and the manifest against its signature.
struct ReportVerification {
    /// A report's folder, or its manifest.
    let place: String
    /// The path of the public key.
    let publicKey: String

    /// Gives the manifest if all is as it was issued, else throws everything that is not.
    func run() throws(ReportFault) -> ReportManifest {
        let isManifest =
            place.hasSuffix("/" + ReportManifest.fileName)
            || place == ReportManifest.fileName
        let folder =
            isManifest ? String(place.dropLast(ReportManifest.fileName.count)) : place + "/"
        let path = folder + ReportManifest.fileName
        let octets = try ReportFiles.read(path, limit: ReportManifest.largestFile)
        let signature = try ReportFiles.read(folder + ReportManifest.signatureName, limit: 64)
        let key = try ReportFiles.read(publicKey, limit: SigningKey.largestFile)
        guard let isValid = SigningKey.isValid(signature, of: octets, publicKey: key) else {
            throw ReportFault("\(publicKey): no public key (expected Ed25519 in PEM)")
        }
        guard isValid else {
            throw ReportFault("\(path): the signature is not that of this key over this text")
        }
        guard let manifest = ReportManifest(parsing: String(decoding: octets, as: UTF8.self)) else {
            throw ReportFault("\(path): not a manifest of \(ReportManifest.schema)")
        }
        var wrong: [String] = []
        for file in manifest.files {
            do throws(ReportFault) {
                let octets = try ReportFiles.read(folder + file.name)
                let digest = ReportFiles.digest(octets)
                if octets.count != file.octets || digest != file.digest {
                    wrong.append(
                        "\(folder)\(file.name): not as issued (got \(octets.count) octets, SHA-256 "
                            + "\(digest); expected \(file.octets) octets, \(file.digest))")
                }
            } catch {
                wrong += error.lines
            }
        }
        guard wrong.isEmpty else { throw ReportFault(lines: wrong) }
        return manifest
    }
}
