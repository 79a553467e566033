"""What is fixed for each check that the server has: its sensor, its rule and its dimension."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CheckFacts", "base_name", "default_dimension", "facts_of"]

_KIND = re.compile(r"(profile|(daily|monthly)(_partition)?)_")

# A line for each check: its name without its type and time scale, the name of its sensor, its data
# quality dimension, the name of its rule, and flags: s for a standard check, e for one whose sensor
# supports error sampling, g for one that supports data groups.
_TABLE = """
row_count table/volume/row_count Completeness comparison/min_count sg
row_count_anomaly table/volume/row_count Consistency percentile/anomaly_differencing_percentile_moving_average sg
row_count_change table/volume/row_count Consistency change/change_percent sg
row_count_change_1_day table/volume/row_count Consistency change/change_percent_1_day g
row_count_change_7_days table/volume/row_count Consistency change/change_percent_7_days g
row_count_change_30_days table/volume/row_count Consistency change/change_percent_30_days g
data_freshness table/timeliness/data_freshness Timeliness comparison/max_days sg
data_freshness_anomaly table/timeliness/data_freshness Timeliness percentile/anomaly_timeliness_delay sg
data_staleness table/timeliness/data_staleness Timeliness comparison/max_days g
data_ingestion_delay table/timeliness/data_ingestion_delay Timeliness comparison/max_days g
total_row_count_match_percent table/accuracy/total_row_count_match_percent Accuracy comparison/diff_percent s
sql_condition_failed_on_table table/custom_sql/sql_condition_failed_count Validity comparison/max_count sg
sql_condition_passed_percent_on_table table/custom_sql/sql_condition_passed_percent Validity comparison/min_percent g
sql_aggregate_expression_on_table table/custom_sql/sql_aggregated_expression Reasonableness comparison/between_floats g
sql_invalid_record_count_on_table table/custom_sql/sql_invalid_record_count Validity comparison/max_count se
import_custom_result_on_table table/custom_sql/import_custom_result Validity comparison/import_severity -
table_availability table/availability/table_availability Availability comparison/max_failures s
column_count table/schema/column_count Completeness comparison/equals_integer s
column_count_changed table/schema/column_count Consistency comparison/value_changed s
column_list_changed table/schema/column_list_unordered_hash Consistency comparison/value_changed -
column_list_or_order_changed table/schema/column_list_ordered_hash Consistency comparison/value_changed -
column_types_changed table/schema/column_types_hash Consistency comparison/value_changed -
duplicate_record_count table/uniqueness/duplicate_record_count Uniqueness comparison/max_count seg
duplicate_record_percent table/uniqueness/duplicate_record_percent Uniqueness comparison/max_percent seg
reload_lag table/timeliness/partition_reload_lag Timeliness comparison/max_days sg
nulls_count column/nulls/null_count Completeness comparison/max_count seg
nulls_percent column/nulls/null_percent Completeness comparison/max_percent seg
nulls_percent_anomaly column/nulls/null_percent Completeness percentile/anomaly_stationary_percent_values s
not_nulls_count column/nulls/not_null_count Completeness comparison/min_count seg
not_nulls_percent column/nulls/not_null_percent Completeness comparison/max_percent seg
empty_column_found column/nulls/not_null_count Completeness comparison/min_count_1 seg
nulls_percent_change column/nulls/null_percent Completeness change/change_percent -
nulls_percent_change_1_day column/nulls/null_percent Completeness change/change_percent_1_day -
nulls_percent_change_7_days column/nulls/null_percent Completeness change/change_percent_7_days -
nulls_percent_change_30_days column/nulls/null_percent Completeness change/change_percent_30_days -
distinct_count column/uniqueness/distinct_count Uniqueness comparison/count_between seg
distinct_percent column/uniqueness/distinct_percent Uniqueness comparison/between_percent seg
duplicate_count column/uniqueness/duplicate_count Uniqueness comparison/max_count seg
duplicate_percent column/uniqueness/duplicate_percent Uniqueness comparison/max_percent eg
distinct_count_anomaly column/uniqueness/distinct_count Consistency percentile/anomaly_differencing_percentile_moving_average s
distinct_percent_anomaly column/uniqueness/distinct_percent Consistency percentile/anomaly_stationary_percent_values -
distinct_count_change column/uniqueness/distinct_count Consistency change/change_percent eg
distinct_percent_change column/uniqueness/distinct_percent Consistency change/change_percent eg
distinct_count_change_1_day column/uniqueness/distinct_count Consistency change/change_percent_1_day -
distinct_count_change_7_days column/uniqueness/distinct_count Consistency change/change_percent_7_days -
distinct_count_change_30_days column/uniqueness/distinct_count Consistency change/change_percent_30_days -
distinct_percent_change_1_day column/uniqueness/distinct_percent Consistency change/change_percent_1_day -
distinct_percent_change_7_days column/uniqueness/distinct_percent Consistency change/change_percent_7_days -
distinct_percent_change_30_days column/uniqueness/distinct_percent Consistency change/change_percent_30_days -
text_found_in_set_percent column/accepted_values/text_found_in_set_percent Validity comparison/min_percent seg
number_found_in_set_percent column/accepted_values/number_found_in_set_percent Validity comparison/min_percent seg
expected_text_values_in_use_count column/accepted_values/expected_text_values_in_use_count Reasonableness comparison/max_missing eg
expected_texts_in_top_values_count column/accepted_values/expected_texts_in_top_values_count Reasonableness comparison/max_missing eg
expected_numbers_in_use_count column/accepted_values/expected_numbers_in_use_count Reasonableness comparison/max_missing eg
text_valid_country_code_percent column/accepted_values/text_valid_country_code_percent Validity comparison/min_percent eg
text_valid_currency_code_percent column/accepted_values/text_valid_currency_code_percent Validity comparison/min_percent eg
text_min_length column/text/text_min_length Reasonableness comparison/between_ints seg
text_max_length column/text/text_max_length Reasonableness comparison/between_ints seg
text_mean_length column/text/text_mean_length Reasonableness comparison/between_floats seg
text_length_below_min_length column/text/text_length_below_min_length_count Reasonableness comparison/max_count eg
text_length_below_min_length_percent column/text/text_length_below_min_length_percent Reasonableness comparison/max_percent eg
text_length_above_max_length column/text/text_length_above_max_length_count Reasonableness comparison/max_count eg
text_length_above_max_length_percent column/text/text_length_above_max_length_percent Reasonableness comparison/max_percent eg
text_length_in_range_percent column/text/text_length_in_range_percent Reasonableness comparison/min_percent eg
min_word_count column/text/min_word_count Reasonableness comparison/between_ints seg
max_word_count column/text/max_word_count Reasonableness comparison/between_ints seg
empty_text_found column/whitespace/empty_text_count Completeness comparison/max_count seg
whitespace_text_found column/whitespace/whitespace_text_count Completeness comparison/max_count seg
null_placeholder_text_found column/whitespace/null_placeholder_text_count Completeness comparison/max_count seg
empty_text_percent column/whitespace/empty_text_percent Completeness comparison/max_percent eg
whitespace_text_percent column/whitespace/whitespace_text_percent Completeness comparison/max_percent eg
null_placeholder_text_percent column/whitespace/null_placeholder_text_percent Completeness comparison/max_percent eg
text_surrounded_by_whitespace_found column/whitespace/text_surrounded_by_whitespace_count Consistency comparison/max_count eg
text_surrounded_by_whitespace_percent column/whitespace/text_surrounded_by_whitespace_percent Consistency comparison/max_percent eg
text_parsable_to_boolean_percent column/conversions/text_parsable_to_boolean_percent Validity comparison/min_percent seg
text_parsable_to_integer_percent column/conversions/text_parsable_to_integer_percent Validity comparison/min_percent seg
text_parsable_to_float_percent column/conversions/text_parsable_to_float_percent Validity comparison/min_percent seg
text_parsable_to_date_percent column/conversions/text_parsable_to_date_percent Validity comparison/min_percent seg
text_not_matching_regex_found column/patterns/text_not_matching_regex_count Validity comparison/max_count seg
texts_not_matching_regex_percent column/patterns/texts_not_matching_regex_percent Validity comparison/max_percent seg
invalid_email_format_found column/patterns/invalid_email_format_count Validity comparison/max_count seg
invalid_email_format_percent column/patterns/invalid_email_format_percent Validity comparison/max_percent eg
text_not_matching_date_pattern_found column/patterns/text_not_matching_date_pattern_count Validity comparison/max_count eg
text_not_matching_date_pattern_percent column/patterns/text_not_matching_date_patterns_percent Validity comparison/max_percent eg
text_not_matching_name_pattern_percent column/patterns/text_not_matching_name_pattern_percent Validity comparison/max_percent eg
invalid_uuid_format_found column/patterns/invalid_uuid_format_count Validity comparison/max_count eg
invalid_uuid_format_percent column/patterns/invalid_uuid_format_percent Validity comparison/max_percent eg
invalid_ip4_address_format_found column/patterns/invalid_ip4_address_format_count Validity comparison/max_count eg
invalid_ip6_address_format_found column/patterns/invalid_ip6_address_format_count Validity comparison/max_count eg
invalid_usa_phone_format_found column/patterns/invalid_usa_phone_count Validity comparison/max_count seg
invalid_usa_zipcode_format_found column/patterns/invalid_usa_zipcode_count Validity comparison/max_count eg
invalid_usa_phone_format_percent column/patterns/invalid_usa_phone_percent Validity comparison/max_percent seg
invalid_usa_zipcode_format_percent column/patterns/invalid_usa_zipcode_percent Validity comparison/max_percent eg
contains_usa_phone_percent column/pii/contains_usa_phone_percent Validity comparison/max_percent seg
contains_email_percent column/pii/contains_email_percent Validity comparison/max_percent seg
contains_usa_zipcode_percent column/pii/contains_usa_zipcode_percent Validity comparison/max_percent eg
contains_ip4_percent column/pii/contains_ip4_percent Validity comparison/max_percent eg
contains_ip6_percent column/pii/contains_ip6_percent Validity comparison/max_percent eg
number_below_min_value column/numeric/number_below_min_value_count Validity comparison/max_count seg
number_above_max_value column/numeric/number_above_max_value_count Validity comparison/max_count seg
negative_values column/numeric/negative_count Validity comparison/max_count seg
negative_values_percent column/numeric/negative_percent Validity comparison/max_percent eg
number_below_min_value_percent column/numeric/number_below_min_value_percent Validity comparison/max_percent eg
number_above_max_value_percent column/numeric/number_above_max_value_percent Validity comparison/max_percent eg
number_in_range_percent column/numeric/number_in_range_percent Reasonableness comparison/min_percent eg
integer_in_range_percent column/numeric/integer_in_range_percent Reasonableness comparison/min_percent eg
min_in_range column/range/min_value Reasonableness comparison/between_floats eg
max_in_range column/range/max_value Reasonableness comparison/between_floats eg
sum_in_range column/numeric/sum Reasonableness comparison/between_floats eg
mean_in_range column/numeric/mean Reasonableness comparison/between_floats eg
median_in_range column/numeric/percentile Reasonableness comparison/between_floats eg
percentile_in_range column/numeric/percentile Reasonableness comparison/between_floats eg
percentile_10_in_range column/numeric/percentile Reasonableness comparison/between_floats eg
percentile_25_in_range column/numeric/percentile Reasonableness comparison/between_floats eg
percentile_75_in_range column/numeric/percentile Reasonableness comparison/between_floats eg
percentile_90_in_range column/numeric/percentile Reasonableness comparison/between_floats eg
sample_stddev_in_range column/numeric/sample_stddev Reasonableness comparison/between_floats eg
population_stddev_in_range column/numeric/population_stddev Reasonableness comparison/between_floats eg
sample_variance_in_range column/numeric/sample_variance Reasonableness comparison/between_floats eg
population_variance_in_range column/numeric/population_variance Reasonableness comparison/between_floats eg
invalid_latitude column/numeric/invalid_latitude_count Validity comparison/max_count eg
valid_latitude_percent column/numeric/valid_latitude_percent Validity comparison/min_percent eg
invalid_longitude column/numeric/invalid_longitude_count Validity comparison/max_count eg
valid_longitude_percent column/numeric/valid_longitude_percent Validity comparison/min_percent eg
non_negative_values column/numeric/non_negative_count Validity comparison/max_count eg
non_negative_values_percent column/numeric/non_negative_percent Validity comparison/max_percent eg
sum_anomaly column/numeric/sum Consistency percentile/anomaly_differencing_percentile_moving_average s
mean_anomaly column/numeric/mean Consistency percentile/anomaly_stationary_percentile_moving_average s
median_anomaly column/numeric/percentile Consistency percentile/anomaly_stationary_percentile_moving_average s
min_anomaly column/range/min_value Consistency percentile/anomaly_differencing_percentile_moving_average s
max_anomaly column/range/max_value Consistency percentile/anomaly_differencing_percentile_moving_average s
mean_change column/numeric/mean Consistency change/change_percent -
median_change column/numeric/percentile Consistency change/change_percent -
sum_change column/numeric/sum Consistency change/change_percent -
mean_change_1_day column/numeric/mean Consistency change/change_percent_1_day -
mean_change_7_days column/numeric/mean Consistency change/change_percent_7_days -
mean_change_30_days column/numeric/mean Consistency change/change_percent_30_days -
median_change_1_day column/numeric/percentile Consistency change/change_percent_1_day -
median_change_7_days column/numeric/percentile Consistency change/change_percent_7_days -
median_change_30_days column/numeric/percentile Consistency change/change_percent_30_days -
sum_change_1_day column/numeric/sum Consistency change/change_percent_1_day -
sum_change_7_days column/numeric/sum Consistency change/change_percent_7_days -
sum_change_30_days column/numeric/sum Consistency change/change_percent_30_days -
date_values_in_future_percent column/datetime/date_values_in_future_percent Validity comparison/max_percent seg
date_in_range_percent column/datetime/date_in_range_percent Validity comparison/min_percent seg
text_match_date_format_percent column/datetime/text_match_date_format_percent Validity comparison/min_percent seg
true_percent column/bool/true_percent Reasonableness comparison/between_percent seg
false_percent column/bool/false_percent Reasonableness comparison/between_percent seg
lookup_key_not_found column/integrity/foreign_key_not_match_count Integrity comparison/max_count seg
lookup_key_found_percent column/integrity/foreign_key_match_percent Integrity comparison/min_percent eg
total_sum_match_percent column/accuracy/total_sum_match_percent Accuracy comparison/diff_percent s
total_min_match_percent column/accuracy/total_min_match_percent Accuracy comparison/diff_percent s
total_max_match_percent column/accuracy/total_max_match_percent Accuracy comparison/diff_percent s
total_average_match_percent column/accuracy/total_average_match_percent Accuracy comparison/diff_percent s
total_not_null_count_match_percent column/accuracy/total_not_null_count_match_percent Accuracy comparison/diff_percent s
sql_condition_failed_on_column column/custom_sql/sql_condition_failed_count Validity comparison/max_count seg
sql_condition_passed_percent_on_column column/custom_sql/sql_condition_passed_percent Validity comparison/min_percent eg
sql_aggregate_expression_on_column column/custom_sql/sql_aggregated_expression Reasonableness comparison/between_floats eg
sql_invalid_value_count_on_column column/custom_sql/sql_invalid_value_count Validity comparison/max_count se
import_custom_result_on_column column/custom_sql/import_custom_result Validity comparison/import_severity -
detected_datatype_in_text column/datatype/string_datatype_detect Consistency comparison/detected_datatype_equals seg
detected_datatype_in_text_changed column/datatype/string_datatype_detect Consistency comparison/value_changed seg
column_exists column/schema/column_exists Completeness comparison/equals_1 s
column_type_changed column/schema/column_type_hash Consistency comparison/value_changed s
"""

# Checks of daily partitions that have another rule.
_PARTITION_RULES = {
    "distinct_count_anomaly": "percentile/anomaly_stationary_count_values",
    "max_anomaly": "percentile/anomaly_stationary_percentile_moving_average",
    "min_anomaly": "percentile/anomaly_stationary_percentile_moving_average",
    "row_count_anomaly": "percentile/anomaly_partition_row_count",
    "sum_anomaly": "percentile/anomaly_stationary_percentile_moving_average",
}
_OTHER_DIMENSIONS = {
    "accuracy": "Accuracy",
    "availability": "Availability",
    "comparisons": "Accuracy",
    "custom_sql": "Validity",
    "nulls": "Completeness",
    "patterns": "Validity",
    "pii": "Validity",
    "timeliness": "Timeliness",
    "uniqueness": "Uniqueness",
    "volume": "Completeness",
}


@dataclass(frozen=True)
class CheckFacts:
    """What is fixed for a check.

    Attributes:
        sensor: The full name of its sensor.
        dimension: The data quality dimension of its results.
        rule: The full name of its rule.
        is_standard: Whether it is one of those that users see first.
        has_samples: Whether values that fail it can be collected.
        has_groups: Whether it can be divided into data groups.
    """

    sensor: str
    dimension: str
    rule: str
    is_standard: bool
    has_samples: bool
    has_groups: bool


def base_name(check_name: str) -> str:
    """Take the type and the time scale off the name of a check.

    Args:
        check_name: The name, such as `daily_partition_row_count`.

    Returns:
        The rest, such as `row_count`.
    """
    return _KIND.sub("", check_name, count=1) if _KIND.match(check_name) else check_name


def facts_of(check_name: str) -> CheckFacts | None:
    """Look up a check.

    Args:
        check_name: Its name.

    Returns:
        What is fixed for it; None for a check that the server does not bring with it.
    """
    name = base_name(check_name)
    facts = _FACTS.get(name)
    if facts is not None and "partition" in check_name and name in _PARTITION_RULES:
        return CheckFacts(**{**vars(facts), "rule": _PARTITION_RULES[name]})
    return facts


def default_dimension(category: str, check_name: str) -> str:
    """Tell in which data quality dimension the results of a check are.

    Args:
        category: Its category.
        check_name: Its name.

    Returns:
        The dimension, if the check does not configure another one.
    """
    facts = facts_of(check_name)
    if facts is not None:
        return facts.dimension
    return _OTHER_DIMENSIONS.get(category, "Reasonableness")


def _read() -> Mapping[str, CheckFacts]:
    facts: dict[str, CheckFacts] = {}
    for line in _TABLE.split("\n"):
        if line:
            name, sensor, dimension, rule, flags = line.split()
            facts[name] = CheckFacts(
                sensor, dimension, rule, "s" in flags, "e" in flags, "g" in flags
            )
    return facts


_FACTS = _read()
