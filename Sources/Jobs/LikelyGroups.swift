import Crystallography
import ExtinctionSymbols
import Foundation
import Recovery
import Symmetry

/// The groups that a cell may have, in batches that are tried together: the groups of one extinction symbol and one order, those of high order
/// first.
package struct LikelyGroups: Sendable {
    package let batches: [[SpaceGroup]]
    /// Of each batch: its symbol's probability to the power of `odds`, less for groups of lower order.
    package let shares: [Double]
    /// As refined beside the symbols.
    package let lattice: Lattice
    /// Degrees 2θ.
    package let zero: Double

    /// A group that is known.
    package init(_ group: SpaceGroup, lattice: Lattice, zero: Double) {
        (batches, shares, self.lattice, self.zero) = ([[group]], [1], lattice, zero)
    }

    /// Those of a triclinic cell, in which nothing is extinguished: no pattern needs to be asked.
    ///
    /// - Throws: never for the table as it is.
    package init(triclinic lattice: Lattice, zero: Double, _ settings: RecoverySettings.Solution) throws {
        batches = [[try SpaceGroup.find("P -1")], [try SpaceGroup.find("P 1")]]
        (shares, self.lattice, self.zero) = ([1, settings.nextBatch], lattice, zero)
    }

    /// Symbols until they have most of the probability.
    package init(_ ranking: ExtinctionRanking, _ settings: RecoverySettings.Solution) {
        var (batches, shares, share): ([[SpaceGroup]], [Double], Double) = ([], [], 0)
        for entry in ranking.entries.prefix(settings.symbols) where share < settings.symbolShare {
            share += entry.probability
            let byOrder = Dictionary(grouping: entry.symbol.spaceGroups, by: \.order)
            for (k, groups) in byOrder.sorted(by: { $0.key > $1.key }).enumerated() {
                batches.append(groups.value)
                shares.append(pow(entry.probability, settings.odds) * pow(settings.nextBatch, Double(k)))
            }
        }
        (self.batches, self.shares) = (batches, shares)
        (lattice, zero) = (ranking.lattice.lattice, ranking.fit.profile.zero)
    }
}
