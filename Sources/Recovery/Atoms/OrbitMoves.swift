import Crystallography
import NumericalMethods
import Parameterization

/// The moves of basin hopping over a structure's free coordinates: exchange two orbits, place one or two anew, shake
/// all.
package struct OrbitMoves {
    private let settings: RecoverySettings.Atoms
    private let frames: OrbitFrames
    private let contact: ContactCheck
    private let scales: [Double]
    /// Orbits that have coordinates.
    private let movable: [Int]
    /// Pairs of orbits on the same position with different occupants.
    private let pairs: [(Int, Int)]

    package init(_ structure: ReducedStructure, scales: [Double], settings: RecoverySettings.Atoms) {
        self.settings = settings
        frames = OrbitFrames(structure)
        contact = ContactCheck(structure, frames: frames, share: settings.clash, draws: settings.clashDraws)
        self.scales = scales
        let orbits = structure.orbits
        let movable = orbits.indices.filter { !orbits[$0].coordinates.isEmpty }
        self.movable = movable
        pairs = movable.flatMap { i in
            movable.filter { j in
                i < j && orbits[i].letter == orbits[j].letter && orbits[i].occupants != orbits[j].occupants
                    && orbits[i].multiplicity == orbits[j].multiplicity
            }.map { (i, $0) }
        }
    }

    /// All orbits anywhere, without clashes as far as that can be had.
    package func anywhere(_ random: inout RandomStream) -> [Double] {
        let none = [Double](repeating: 0, count: frames.slots.count)
        return frames.free(contact.placed(movable, in: frames.coordinates(none), &random))
            ?? none.map { _ in random.uniform() }
    }

    /// - Parameter misfit: of free coordinates; a place for one orbit is the best of several.
    package func hop(_ u: [Double], _ random: inout RandomStream, misfit: ([Double]) -> Double) -> [Double] {
        let all = frames.coordinates(u.prefix(scales.count))
        let kind = random.uniform()
        if kind < settings.exchanging, !pairs.isEmpty {
            var exchanged = all
            // One exchange, now and then two: a cycle of three elements.
            for _ in 0..<(kind < settings.exchangingOnce ? 1 : 2) {
                let (i, j) = pairs[random.index(below: pairs.count)]
                exchanged.swapAt(i, j)
            }
            if let trial = frames.free(exchanged) { return trial }
        }
        if kind < settings.placingOne {
            let orbit = movable[random.index(below: movable.count)]
            var best: (misfit: Double, trial: [Double])?
            for _ in 0..<settings.places {
                guard let trial = frames.free(contact.placed([orbit], in: all, &random)) else { break }
                let value = misfit(trial)
                if value < best?.misfit ?? .infinity { best = (value, trial) }
            }
            if let best { return best.trial }
        }
        if kind < settings.placingTwo {
            let chosen = [
                movable[random.index(below: movable.count)], movable[random.index(below: movable.count)],
            ]
            if let trial = frames.free(contact.placed(Array(Set(chosen)).sorted(), in: all, &random)) {
                return trial
            }
        }
        return scales.indices.map { u[$0] + random.normal() * settings.shake * scales[$0] }
    }
}
