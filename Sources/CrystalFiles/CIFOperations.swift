import Symmetry

/// The lists of symmetry operations that a data block may hold: ordinary ones, magnetic ones with their centrings, and
/// those of superspace, which no three-dimensional cell has.
struct CIFOperations {
    let operations: [SymmetryOperation]
    /// Magnetic operations whose time reversal was dropped: symbols and numbers beside them speak of other groups.
    let isMagnetic: Bool
    private(set) var warnings: [ReadingWarning] = []

    /// nil where the block lists none.
    ///
    /// - Throws: where an operation is not understood, the operations are no group, or the structure is modulated.
    init?(block: CIFBlock) throws(CrystalFileError) {
        try Self.refuseModulation(block)
        let ordinary = try Self.ordinary(block)
        if let magnetic = try Self.magnetic(block) {
            (operations, isMagnetic) = (magnetic, true)
            warnings.append(
                .magneticOperations(
                    leavesMoments: block.hasTag(beginning: "_atom_site_moment"),
                    leavesOrdinaryOperations: ordinary.map { Set($0) != Set(magnetic) } ?? false))
            return
        }
        if let tag = block.firstTag(beginning: "_space_group_magn_"), ordinary == nil {
            throw block.error(
                "a magnetic group without its operations", at: tag,
                remedy: "list _space_group_symop_magn_operation.xyz and _space_group_symop_magn_centering.xyz"
            )
        }
        guard let ordinary else { return nil }
        (operations, isMagnetic) = (ordinary, false)
    }

    private static func refuseModulation(_ block: CIFBlock) throws(CrystalFileError) {
        let remedy = "give the average structure or a commensurate supercell, with its ordinary space group"
        if let dimension = try block.number("_cell_modulation_dimension"), dimension != 0 {
            throw block.error(
                "a modulated structure (\(Int(max(min(dimension, 99), -99))) modulation waves)",
                at: block.column("_cell_modulation_dimension"), remedy: remedy)
        }
        let prefixes = [
            "_space_group_ssg_", "_space_group_symop_ssg_", "_space_group_symop_magn_ssg_",
            "_space_group_magn_ssg_", "_symmetry_ssg_", "_cell_wave_vector_",
            "_atom_site_fourier_wave_vector_",
            "_cell_subsystem", "_geom_superspace", "_atom_site_displace_fourier_", "_atom_site_occ_fourier_",
            "_atom_site_u_fourier_", "_atom_site_displace_special_func_", "_atom_site_occ_special_func_",
            "_atom_site_displace_legendre_", "_atom_site_occ_legendre_", "_atom_site_displace_ortho_",
            "_atom_site_occ_ortho_", "_atom_site_displace_xharm_", "_atom_site_occ_xharm_",
            "_atom_site_phason_", "_atom_site_moment_fourier_", "_atom_site_moment_special_func_",
        ]
        for prefix in prefixes {
            if let tag = block.firstTag(beginning: prefix) {
                throw block.error("a modulated structure in superspace", at: tag, remedy: remedy)
            }
        }
    }

    private static func ordinary(_ block: CIFBlock) throws(CrystalFileError) -> [SymmetryOperation]? {
        let column = block.column(
            "_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz", "_symmetry_equiv_pos_as_xyz_")
        guard let column, column.values.contains(where: { $0 != nil }) else { return nil }
        var operations: [SymmetryOperation] = []
        for text in column.values {
            guard let text, let operation = OperationTriplet.operation(text) else {
                throw notUnderstood(text, at: column, in: block)
            }
            operations.append(operation)
        }
        return try group(operations, at: column, in: block)
    }

    /// Operations × centrings; a block may have either.
    private static func magnetic(_ block: CIFBlock) throws(CrystalFileError) -> [SymmetryOperation]? {
        let listed = block.column("_space_group_symop_magn_operation_xyz", "_space_group_symop_magn_xyz")
        let centring = block.column(
            "_space_group_symop_magn_centering_xyz", "_space_group_symop_magn_centring_xyz")
        let columns = [centring, listed].compactMap { $0 }.filter { $0.values.contains { $0 != nil } }
        guard let last = columns.last else { return nil }
        var operations: [SymmetryOperation] = [.identity]
        for column in columns {
            var factors: [SymmetryOperation] = []
            for text in column.values {
                guard let text, let operation = OperationTriplet.magneticOperation(text) else {
                    throw notUnderstood(text, at: column, in: block)
                }
                factors.append(operation)
            }
            operations = operations.flatMap { left in factors.map { left.combined(with: $0).wrapped } }
            guard operations.count <= largestList else {
                throw block.error(
                    "\(operations.count) magnetic operations", at: column,
                    remedy: "list each operation and each centring once")
            }
        }
        return try group(operations, at: last, in: block)
    }

    /// 192 of F m -3 m in a cell of 64 primitive ones; a grey group has each twice.
    private static let largestList = 48 * 64 * 2

    private static func notUnderstood(
        _ text: String?, at column: CIFColumn, in block: CIFBlock
    ) -> CrystalFileError {
        let isList = text?.contains(where: \.isNewline) ?? false
        if let text, !isList, text.lowercased().contains("x4") || text.split(separator: ",").count > 4 {
            return block.error(
                "\"\(text)\" is an operation of superspace", at: column,
                remedy:
                    "give the average structure or a commensurate supercell, with its ordinary space group")
        }
        return block.error(
            "\"\(text ?? "?")\" is no symmetry operation", at: column,
            remedy: "write triplets such as x,y+1/2,-z")
    }

    private static func group(
        _ operations: [SymmetryOperation], at column: CIFColumn, in block: CIFBlock
    ) throws(CrystalFileError) -> [SymmetryOperation] {
        switch OperationList.checked(operations) {
        case .success(let group): return group
        case .failure(let fault):
            throw block.error(
                "the symmetry operations do not form a group: \(fault.problem)", at: column,
                remedy: "list all operations of the space group, or none and its Hall symbol")
        }
    }
}

extension OperationTriplet {
    /// A triplet with or without the time reversal behind it: `x,y+1/2,-z,-1`.
    static func magneticOperation(_ text: String) -> SymmetryOperation? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return operation(text) }
        let reversal = parts[3].filter { !$0.isWhitespace }.lowercased()
        guard ["1", "+1", "-1", "m", "+m", "-m"].contains(reversal) else { return nil }
        return operation(parts.prefix(3).joined(separator: ","))
    }
}
