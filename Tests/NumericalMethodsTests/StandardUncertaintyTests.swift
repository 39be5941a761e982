import NumericalMethods
import Testing

@Suite struct StandardUncertaintyTests {
    // Acta Crystallographica's rule: the uncertainty lies between 2 and 19 units of the last place.
    @Test(arguments: [
        (8.48234, 0.0012, "8.4823(12)"), (8.48234, 0.0019, "8.4823(19)"), (8.48234, 0.00197, "8.482(2)"),
        (8.48234, 0.005, "8.482(5)"), (0.18812, 0.00023, "0.1881(2)"), (-0.00004, 0.0003, "0.0000(3)"),
        (1234.4, 17, "1234(17)"), (1234.4, 34, "1230(30)"), (98765, 420, "98800(400)"), (1.2, 0.3, "1.2(3)"),
        (0.5, 1.5, "0.5(15)"),
    ]) func uncertaintyLiesBetweenTwoAndNineteen(_ value: Double, _ u: Double, _ text: String) {
        #expect(StandardUncertainty.formatted(value, u) == text)
    }

    @Test func withoutUncertaintyTheValueStandsAlone() {
        #expect(StandardUncertainty.formatted(0.25, nil) == "0.25000")
        #expect(StandardUncertainty.formatted(0.25, 0, places: 2) == "0.25")
        #expect(StandardUncertainty.formatted(0.25, .infinity, places: 2) == "0.25")
        #expect(StandardUncertainty.formatted(.nan, 1) == "?")
    }
}
