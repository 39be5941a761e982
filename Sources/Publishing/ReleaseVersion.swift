/// What this release is called, as semver.org has it: by the command and by the C interface.
package enum ReleaseVersion {
    /// The last release.
    package static let text = "0.2.0"
}
