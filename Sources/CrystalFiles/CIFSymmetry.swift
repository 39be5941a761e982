import Crystallography
import NumericalMethods
import Symmetry

/// The symmetry a data block states. Operators win over the Hall symbol, that over the Hermann–Mauguin
/// symbol, that over the number: the further down, the less it fixes origin and axes.
struct CIFSymmetry {
    let operations: [SymmetryOperation]
    let symbol: String?
    let number: Int?
    let hallSymbol: String?
    private(set) var warnings: [String] = []

    init(block: CIFBlock, lattice: Lattice) throws(CrystalFileError) {
        symbol = block.text(
            "_space_group_name_H-M_alt", "_symmetry_space_group_name_H-M", "_space_group_name_H-M_full",
            "_space_group_name_H-M_ref")
        hallSymbol = block.text("_space_group_name_Hall", "_symmetry_space_group_name_Hall")
        number = block.text("_space_group_IT_number", "_symmetry_Int_Tables_number").flatMap { Int($0) }
        let column = block.column(
            "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz",
            "_symmetry_equiv_pos_as_xyz_")
        if let column, column.values.contains(where: { $0 != nil }) {
            operations = try Self.operations(from: column, in: block)
        } else {
            operations = [.identity]
            if symbol == nil && hallSymbol == nil && number == nil {
                warnings.append("no symmetry is stated; P 1 is taken")
            }
        }
        if let misfit = Self.misfit(of: operations, lattice: lattice), misfit > 1e-3 {
            let percent = (misfit * 1e4).rounded() / 100
            warnings.append("the cell breaks the stated symmetry by up to \(percent) %")
        }
    }

    private static func operations(
        from column: CIFColumn, in block: CIFBlock
    ) throws(CrystalFileError) -> [SymmetryOperation] {
        var operations: [SymmetryOperation] = []
        for text in column.values {
            guard let text, let operation = OperationTriplet.operation(text) else {
                throw block.error(
                    "\"\(text ?? "?")\" is no symmetry operation", at: column,
                    remedy: "write triplets such as x,y+1/2,-z")
            }
            operations.append(operation)
        }
        switch OperationList.checked(operations) {
        case .success(let group): return group
        case .failure(let fault):
            throw block.error(
                "the symmetry operations do not form a group: \(fault.problem)", at: column,
                remedy: "list all operations of the space group, or none and its Hall symbol")
        }
    }

    /// The largest relative change of the metric under an operation.
    private static func misfit(of operations: [SymmetryOperation], lattice: Lattice) -> Double? {
        let metric = lattice.metric
        return operations.map { operation in
            let rotation = Matrix3(operation.rotation)
            return (rotation.transpose * metric * rotation - metric).frobeniusNorm / metric.frobeniusNorm
        }.max()
    }
}
