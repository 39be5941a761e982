import Foundation
import Recovery

/// In which order a solution goes through cells, groups and fillings: by the probability that each has beside the time it takes.
///
/// A cell is looked at when its turn comes; its batches of groups, each with the ways to fill it, take its place in the queue. What was
/// gone through stands in it again for a deeper pass, for a share of its weight.
package struct SolutionSchedule {
    /// What is gone through in one go.
    package struct Work: Equatable {
        /// Of the cell's groups.
        package var batch: Int
        /// Of the ways to make the composition up.
        package var filling: Int
        package var pass = 0

        package init(batch: Int, filling: Int, pass: Int = 0) {
            (self.batch, self.filling, self.pass) = (batch, filling, pass)
        }
    }

    package struct Item: Equatable {
        /// The cell, with its number of formula units.
        package var start: Int
        /// Nil for a cell whose groups are not known yet.
        package var work: Work?
        package var weight: Double
    }

    private let settings: RecoverySettings.Solution
    private var items: [Item]

    /// - Parameter weights: of the starts.
    package init(_ weights: [Double], _ settings: RecoverySettings.Solution) {
        self.settings = settings
        items = weights.enumerated().map { Item(start: $0, work: nil, weight: $1) }
    }

    /// The likeliest item with its share of the weight that is left: as much of the time is its.
    ///
    /// - Parameter isDeeper: whether further passes are wanted.
    package mutating func next(isDeeper: Bool) -> (item: Item, share: Double)? {
        if !isDeeper { items.removeAll { ($0.work?.pass ?? 0) > 0 } }
        // Of equal ones the first, so that a run repeats.
        guard
            let place = items.indices.max(by: {
                (items[$0].weight, -$0) < (items[$1].weight, -$1)
            })
        else { return nil }
        let whole = items.reduce(0) { $0 + $1.weight }
        let item = items.remove(at: place)
        if var work = item.work, work.pass + 1 < settings.passes {
            work.pass += 1
            items.append(Item(start: item.start, work: work, weight: item.weight * settings.furtherPass))
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
                Item(start: item.start, work: Work(batch: batch, filling: filling), weight: factor * share)
            }
        }
    }
}
