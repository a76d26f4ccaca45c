// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import RTSP
import Registry
import Settings

/// Who asks a camera, on the command line; the password is never part of it.
struct LoginArguments: ParsableArguments {
    @Option(help: "The user's name, if the camera wants to know.")
    var user: String?

    @Option(
        help: "File that holds the password and that its owner alone may read.",
        completion: .file())
    var passwordFile: String?

    @Option(help: "Variable of the environment that holds the password.")
    var passwordEnv: String?

    func validate() throws {
        guard passwordFile == nil || passwordEnv == nil else {
            throw ValidationError("expected --password-file or --password-env, not both")
        }
        guard (user == nil) == (passwordFile == nil && passwordEnv == nil) else {
            throw ValidationError("expected --user together with a password's place")
        }
    }

    /// Name and password; nil if none were given.
    func credentials() throws -> Digest.Credentials? {
        guard let user else { return nil }
        let reference: SecretReference =
            passwordFile.map { .file($0) } ?? .environment(passwordEnv ?? "")
        do throws(RegistryProblem) {
            let secret = try reference.read(
                place: SourcePlace(file: passwordFile ?? passwordEnv ?? ""), field: "password")
            return secret.withOctets {
                Digest.Credentials(user: user, password: String(decoding: $0, as: UTF8.self))
            }
        } catch {
            throw Refusal("\(error)")
        }
    }
}
