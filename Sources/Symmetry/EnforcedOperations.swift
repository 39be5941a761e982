import Crystallography
import NumericalMethods

extension StandardizedStructure {
    /// The operations in the cell of `structure`, one for each modulo that cell's lattice, the identity first: those
    /// of the setting, or what of them a cell that is in no table keeps.
    ///
    /// - Parameters:
    ///   - found: what was enforced.
    ///   - cell: what `standardize` was asked for.
    /// - Returns: nil where a translation is no multiple of 1/24, as about an origin of the user's own.
    package func operations(of found: FoundSymmetry, cell: StandardCell) -> [SymmetryOperation]? {
        if let setting { return setting.operations }
        switch cell {
        case .keep: return found.exactOperationsInInput
        case .standard, .setting: return spaceGroup.operations
        case .primitive:
            guard
                let change = ChangeOfBasis(
                    matrix: spaceGroup.centring.primitiveBasis.inverse, shift: .zero)
            else { return nil }
            // The operations with a centring vector are the primitive ones again.
            var result: [SymmetryOperation] = []
            for operation in spaceGroup.operations.prefix(
                spaceGroup.order / spaceGroup.centring.vectors.count)
            {
                guard let moved = change.apply(to: operation)?.wrapped else { return nil }
                result.append(moved)
            }
            return result
        }
    }
}
