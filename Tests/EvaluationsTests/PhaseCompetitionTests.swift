import Crystallography
import Evaluations
import NumericalMethods
import Testing
import Validation

@Suite("Competition of phases") struct PhaseCompetitionTests {
    private let lithium = Element(symbol: "Li")
    private let oxygen = Element(symbol: "O")
    private let iron = Element(symbol: "Fe")

    private func phase(_ name: String, _ composition: [Element?: Double], _ energy: Double)
        -> PhaseCompetition.Phase
    {
        var known: [Element: Double] = [:]
        for case (let element?, let count) in composition { known[element] = count }
        return PhaseCompetition.Phase(name: name, composition: known, energy: energy)
    }

    private func composition(_ parts: [Element?: Double]) -> [Element: Double] {
        phase("", parts, 0).shares
    }

    @Test(
        "a compound below the tie line of its neighbours is its own mixture; one above it falls apart into them"
    )
    func binary() throws {
        let elements = [phase("Li", [lithium: 1], -2), phase("O", [oxygen: 1], -5)]
        let oxide = phase("Li2O", [lithium: 2, oxygen: 1], -5)
        let peroxide = phase("Li2O2", [lithium: 1, oxygen: 1], -4.6)
        let competition = PhaseCompetition(elements + [oxide, peroxide])
        let stable = try #require(competition.mixture(of: oxide.shares))
        #expect(stable.parts.map(\.phase.name) == ["Li2O"] && abs(stable.energy + 5) < 1e-12)
        // The tie line from Li2O (1/3 O, −5) to O (1, −5) stands at −5 where Li2O2 is.
        let apart = try #require(competition.mixture(of: peroxide.shares))
        #expect(apart.parts.map(\.phase.name) == ["Li2O", "O"])
        #expect(abs(apart.energy + 5) < 1e-12)
        let shares = apart.parts.map(\.share)
        #expect(abs(shares[0] - 0.75) < 1e-12 && abs(shares[1] - 0.25) < 1e-12)
    }

    @Test("without a phase for every element there is no hull")
    func missingElement() {
        let competition = PhaseCompetition([
            phase("Li", [lithium: 1], -2), phase("Li2O", [lithium: 2, oxygen: 1], -5),
        ])
        let wanted = composition([lithium: 1, oxygen: 1])
        #expect(competition.mixture(of: wanted) == nil)
        #expect(competition.missing(in: wanted).map(\.symbol) == ["O"])
    }

    @Test("no mixture of three phases lies below the hull, for many random systems")
    func random() throws {
        var random = RandomStream(seed: 18)
        for _ in 0..<60 {
            var phases = [
                phase("Li", [lithium: 1], -1), phase("O", [oxygen: 1], -1), phase("Fe", [iron: 1], -1),
            ]
            for k in 0..<12 {
                let counts = (0..<3).map { _ in Double(random.index(below: 4)) }
                guard counts.reduce(0, +) > 0 else { continue }
                var parts: [Element?: Double] = [:]
                for (element, count) in zip([lithium, oxygen, iron], counts) where count > 0 {
                    parts[element] = count
                }
                phases.append(phase("\(k)", parts, -1 - random.uniform()))
            }
            let competition = PhaseCompetition(phases)
            let wanted = composition([lithium: 2, oxygen: 3, iron: 1])
            let hull = try #require(competition.mixture(of: wanted))
            // The parts make up what is wanted.
            for (element, share) in wanted {
                let made = hull.parts.reduce(0) { $0 + $1.share * ($1.phase.shares[element] ?? 0) }
                #expect(abs(made - share) < 1e-9)
            }
            #expect(hull.energy <= lowestOfThree(phases, wanted) + 1e-9)
            #expect(hull.energy >= lowestOfThree(phases, wanted) - 1e-9)
        }
    }

    /// By trying all triples.
    private func lowestOfThree(_ phases: [PhaseCompetition.Phase], _ wanted: [Element: Double]) -> Double {
        let elements = wanted.keys.sorted()
        func column(_ phase: PhaseCompetition.Phase) -> SIMD3<Double> {
            SIMD3(
                phase.shares[elements[0]] ?? 0, phase.shares[elements[1]] ?? 0,
                phase.shares[elements[2]] ?? 0)
        }
        let goal = SIMD3(wanted[elements[0]] ?? 0, wanted[elements[1]] ?? 0, wanted[elements[2]] ?? 0)
        var lowest = Double.infinity
        for i in phases.indices {
            for j in 0..<i {
                for k in 0..<j {
                    let matrix = Matrix3(columns: column(phases[i]), column(phases[j]), column(phases[k]))
                    guard abs(matrix.determinant) > 1e-9 else { continue }
                    let shares = matrix.inverse * goal
                    guard shares.min() > -1e-12 else { continue }
                    let energies = SIMD3(phases[i].energy, phases[j].energy, phases[k].energy)
                    lowest = min(lowest, shares.dot(energies))
                }
            }
        }
        return lowest
    }
}
