import Crystallography
import Parameterization
import Symmetry

/// What a `wyckoff_reduced` is.
final class ReducedObject: Sendable {
    private let content: Locked<State>

    /// The structure and the subgroups of its group, which are listed once.
    private struct State {
        var structure: ReducedStructure
        var subgroups: [Subgroup]?
    }

    init(_ structure: ReducedStructure) { content = Locked(State(structure: structure)) }

    var structure: ReducedStructure { content.with { $0.structure } }

    var subgroups: [Subgroup] {
        content.with { state in
            if let known = state.subgroups { return known }
            let group = state.structure.spaceGroup
            let list =
                group.translationengleicheSubgroups + group.klassengleicheSubgroups(index: 2)
                + group.klassengleicheSubgroups(index: 3)
            state.subgroups = list
            return list
        }
    }

    /// - Parameter values: of `parameters`, in their order and count.
    /// - Throws: where a length, an angle or the cell that they make is none.
    func set(_ values: [Double]) throws(InterfaceError) {
        for ((parameter, start), value) in zip(zip(structure.parameters, structure.parameterVector), values) {
            try parameter.checkCell(value, start: start)
        }
        var moved = structure
        moved.parameterVector = values
        let lattice = moved.lattice
        guard lattice.volume > 1e-3 else { throw .notACell(values) }
        content.with { $0.structure = moved }
    }
}
