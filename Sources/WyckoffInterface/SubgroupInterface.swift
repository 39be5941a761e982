import CWyckoff
import Foundation
import Parameterization
import Publishing
import Reports
import Symmetry

/// A subgroup as JSON names it.
private struct SubgroupRow: Encodable {
    var spaceGroup: SpaceGroupRow
    var kind: Subgroup.Kind
    var index: Int
    var conjugacyClass: Int
    var transformation: String

    init(_ subgroup: Subgroup) {
        spaceGroup = SpaceGroupRow(subgroup.spaceGroup)
        kind = subgroup.kind
        index = subgroup.index
        conjugacyClass = subgroup.conjugacyClass
        transformation = "\(subgroup.transformation)"
    }
}

/// The subgroups that a structure may be lowered to.
@c @implementation
public func wyckoff_reduced_subgroups(
    _ reduced: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try Handle.object(reduced, ReducedObject.self, "reduced structure")
        try Exchange.give(JSONDialect.line(object.subgroups.map { SubgroupRow($0) }), to: json)
    }
}

/// The same crystal with the freedom of a subgroup.
@c @implementation
public func wyckoff_reduced_in_subgroup(
    _ reduced: OpaquePointer?, _ place: Int64, _ lowered: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try Handle.object(reduced, ReducedObject.self, "reduced structure")
        let list = object.subgroups
        guard list.indices.contains(Int(place)) else {
            throw InterfaceError.outside(
                name: "the place of a subgroup", value: Double(place), lower: 0,
                upper: Double(max(0, list.count - 1)))
        }
        // In the cell of the group's setting, which the subgroup's transformation starts from.
        let whole = object.structure.inOwnSetting
        try Handle.make(
            ReducedObject(whole.inSubgroup(list[Int(place)])), at: lowered, "reduced structure")
    }
}
