import Foundation
import NumericalMethods

/// Two atoms and how near they stand.
public struct Contact: Sendable, Hashable, Codable {
    /// Indices of the atoms in the cell; the same where an atom meets its own image.
    public let first: Int
    /// The index of the second site in `CrystalStructure.sites`.
    public let second: Int
    /// Å, periodic images included.
    public let distance: Double
    /// The distance as a share of the pair's yardstick (`ContactLimits`).
    public let share: Double
}

extension Contact {
    /// `Na1 (atom 1) and Cl1 (atom 5) stand at 1.026 Å, 38 % of the sum of their covalent radii`, atoms from 1.
    package func sentence(in structure: CrystalStructure) -> String {
        func name(_ atom: Int) -> String { "\(structure.sites[atom].name) (atom \(atom + 1))" }
        let pair =
            first == second
            ? "\(name(first)) and its own image stand" : "\(name(first)) and \(name(second)) stand"
        let length = Self.decimal(distance, 3)
        guard radiiAreKnown(structure) else { return "\(pair) at \(length) Å" }
        return "\(pair) at \(length) Å, \(Self.decimal(100 * share, 0)) % of \(yardstick(structure))"
    }

    private func radius(_ atom: Int, _ structure: CrystalStructure) -> Double? {
        ContactLimits.radius(of: structure.sites[atom].occupants)
    }

    private func radiiAreKnown(_ structure: CrystalStructure) -> Bool {
        radius(first, structure) != nil && radius(second, structure) != nil
    }

    private func yardstick(_ structure: CrystalStructure) -> String {
        let sum = (radius(first, structure) ?? 0) + (radius(second, structure) ?? 0)
        return sum < ContactLimits.leastSum
            ? "\(Self.decimal(ContactLimits.leastSum, 0)) Å" : "the sum of their covalent radii"
    }

    private static func decimal(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
