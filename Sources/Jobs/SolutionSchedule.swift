import Foundation
import Recovery

/// In which order a solution goes through cells, groups and fillings: by the probability that each has beside the time it takes.
///
/// Of a cell simple ways come first, which take a second. It is looked at in full when its turn comes: its batches of groups, each with the
/// ways to fill it, take its place in the queue. What was gone through stands in it again for a deeper pass, for a share of its weight.
package struct SolutionSchedule {
    /// What is gone through in one go.
    package enum Work: Equatable {
        /// Structure types and few free coordinates in all groups of a cell.
        case simple
        /// A cell whose groups are not known yet.
        case cell
        /// All ways of one batch of groups with one of the ways to make the composition up.
        case whole(batch: Int, filling: Int, pass: Int)

        package var pass: Int {
            if case .whole(_, _, let pass) = self { pass } else { 0 }
        }
    }

    package struct Item: Equatable {
        /// The cell, with its number of formula units.
        package var start: Int
        package var work: Work
        package var weight: Double
    }

    private let settings: RecoverySettings.Solution
    private var items: [Item]

    /// - Parameters:
    ///   - weights: of the starts.
    ///   - simple: starts whose simple ways are tried.
    package init(_ weights: [Double], simple: Set<Int>, _ settings: RecoverySettings.Solution) {
        self.settings = settings
        items = weights.enumerated().flatMap { start, weight in
            let whole = Item(start: start, work: .cell, weight: weight)
            guard simple.contains(start) else { return [whole] }
            return [Item(start: start, work: .simple, weight: settings.simpleWeight * weight), whole]
        }
    }

    /// The likeliest item with its share of the weight that is left: as much of the time is its.
    ///
    /// - Parameter isDeeper: whether further passes are wanted.
    package mutating func next(isDeeper: Bool) -> (item: Item, share: Double)? {
        if !isDeeper { items.removeAll { $0.work.pass > 0 } }
        // Of equal ones the first, so that a run repeats.
        guard
            let place = items.indices.max(by: {
                (items[$0].weight, -$0) < (items[$1].weight, -$1)
            })
        else { return nil }
        let whole = items.reduce(0) { $0 + $1.weight }
        let item = items.remove(at: place)
        if case .whole(let batch, let filling, let pass) = item.work, pass + 1 < settings.passes {
            items.append(
                Item(
                    start: item.start, work: .whole(batch: batch, filling: filling, pass: pass + 1),
                    weight: item.weight * settings.furtherPass))
        }
        return (item, whole > 0 ? item.weight / whole : 1)
    }

    /// The batches of a cell take its place.
    ///
    /// - Parameter shares: of each batch in the cell's probability, up to a factor.
    package mutating func add(_ shares: [Double], fillings: Int, of item: Item) {
        for filling in 0..<fillings {
            let factor = item.weight * pow(settings.nextBatch, Double(filling))
            items += shares.enumerated().map { batch, share in
                Item(
                    start: item.start, work: .whole(batch: batch, filling: filling, pass: 0),
                    weight: factor * share)
            }
        }
    }
}
