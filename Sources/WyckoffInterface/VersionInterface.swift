import CWyckoff
import Foundation
import Publishing

/// Which interface this library has.
@c @implementation
public func wyckoff_interface() -> Int32 { Int32(WYCKOFF_INTERFACE) }

/// The release, as semver.org has it.
@c @implementation
public func wyckoff_version() -> UnsafeMutablePointer<CChar>? { strdup(ReleaseVersion.text) }
