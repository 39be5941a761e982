import CrystalFiles

/// A structure and what errors and reports call it: its file.
package struct NamedRecord: Sendable {
    package var name: String
    package var record: CrystalRecord

    package init(name: String, _ record: CrystalRecord) { (self.name, self.record) = (name, record) }
}
