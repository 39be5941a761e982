#include "ReferenceData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char elements[] = {
#embed "tables/elements.tsv"
    , 0};

const char *wyckoff_table_elements(void) { return elements; }

static const char f0_waasmaier_kirfel[] = {
#embed "tables/f0-waasmaier-kirfel.tsv"
    , 0};

const char *wyckoff_table_f0_waasmaier_kirfel(void) { return f0_waasmaier_kirfel; }

static const char f0_pymatgen[] = {
#embed "tables/f0-pymatgen.tsv"
    , 0};

const char *wyckoff_table_f0_pymatgen(void) { return f0_pymatgen; }

static const char neutron_lengths[] = {
#embed "tables/neutron-lengths.tsv"
    , 0};

const char *wyckoff_table_neutron_lengths(void) { return neutron_lengths; }

static const char wavelengths[] = {
#embed "tables/wavelengths.tsv"
    , 0};

const char *wyckoff_table_wavelengths(void) { return wavelengths; }

static const char emission_lines[] = {
#embed "tables/emission-lines.tsv"
    , 0};

const char *wyckoff_table_emission_lines(void) { return emission_lines; }

static const char cgcnn_elements[] = {
#embed "tables/cgcnn-elements.tsv"
    , 0};

const char *wyckoff_table_cgcnn_elements(void) { return cgcnn_elements; }

static const char ions[] = {
#embed "tables/ions.tsv"
    , 0};

const char *wyckoff_table_ions(void) { return ions; }

static const char chgnet_elements[] = {
#embed "tables/chgnet-elements.tsv"
    , 0};

const char *wyckoff_table_chgnet_elements(void) { return chgnet_elements; }

static const char redox[] = {
#embed "tables/redox.tsv"
    , 0};

const char *wyckoff_table_redox(void) { return redox; }

static const char bond_valence[] = {
#embed "tables/bond-valence.tsv"
    , 0};

const char *wyckoff_table_bond_valence(void) { return bond_valence; }

static const char nuclides[] = {
#embed "tables/nuclides.tsv"
    , 0};

const char *wyckoff_table_nuclides(void) { return nuclides; }

static const char prototypes[] = {
#embed "tables/prototypes.tsv"
    , 0};

const char *wyckoff_table_prototypes(void) { return prototypes; }

static const char atomic_volumes[] = {
#embed "tables/atomic-volumes.tsv"
    , 0};

const char *wyckoff_table_atomic_volumes(void) { return atomic_volumes; }
