import ArgumentParser
import Wyckoff

/// `8.48,5.40,6.96[,90,90,90]` on the command line: as many numbers as the lattice leaves free.
struct CellOption {
    let axes: CellAxes

    init(_ text: String, lattice name: String?) throws {
        let lattice = try name.map(Self.lattice)
        guard let numbers = try NumberList.parse(text, option: "--cell", counts: 1...6) else {
            throw ValidationError("--cell takes the numbers of a cell")
        }
        let six = try Self.completed(numbers, lattice)
        axes = try CellAxes(
            Lattice(checking: six[0], six[1], six[2], alpha: six[3], beta: six[4], gamma: six[5]),
            lattice: lattice)
    }

    private static func lattice(_ name: String) throws -> BravaisLattice {
        guard let lattice = BravaisLattice(rawValue: name) else {
            let known = BravaisLattice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--lattice takes \(known), not '\(name)'")
        }
        return lattice
    }

    /// a, b, c, α, β, γ.
    private static func completed(_ n: [Double], _ lattice: BravaisLattice?) throws -> [Double] {
        let isHexagonal = lattice?.family == .hexagonal
        let gamma = isHexagonal ? 120.0 : 90.0
        switch (n.count, lattice?.family) {
        case (6, _): return n
        case (1, nil), (1, .cubic): return [n[0], n[0], n[0], 90, 90, 90]
        case (2, .tetragonal), (2, .hexagonal): return [n[0], n[0], n[1], 90, 90, gamma]
        case (2, nil):
            throw ValidationError("--cell a,c is tetragonal or hexagonal; give --lattice tP, tI, hP or hR")
        case (3, .monoclinic), (3, .triclinic): break
        case (3, _): return n + [90, 90, gamma]
        case (4, nil), (4, .monoclinic): return [n[0], n[1], n[2], 90, n[3], 90]
        default: break
        }
        let named = lattice.map { " of \($0.rawValue)" } ?? ""
        throw ValidationError(
            "--cell\(named) takes a (cubic), a,c (tetragonal, hexagonal), a,b,c, a,b,c,β (monoclinic) or all six, "
                + "not \(n.count) numbers")
    }
}
