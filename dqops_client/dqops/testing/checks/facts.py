"""What is fixed for each check that the server has: its sensor, its rule and its dimension."""
# ruff: noqa: E501 - a line of the table for each check

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CheckFacts",
    "base_name",
    "default_dimension",
    "default_value",
    "display_hint",
    "facts_of",
    "friendly_name",
    "is_optional",
]

_KIND = re.compile(r"(profile|(daily|monthly)(_partition)?)_")

# A line for each check, below the folder of its sensor: its name without its type and time scale,
# the sensor, the data quality dimension, the rule (`comparison/...`, unless it is in `_RULES`), and
# flags: s for a standard check, e for one whose sensor supports error sampling, g for one that
# supports data groups.
_TABLE = """
table/volume/
row_count row_count Completeness min_count sg
row_count_anomaly row_count Consistency differencing sg
row_count_change row_count Consistency change sg
row_count_change_1_day row_count Consistency change_1 g
row_count_change_7_days row_count Consistency change_7 g
row_count_change_30_days row_count Consistency change_30 g
table/timeliness/
data_freshness data_freshness Timeliness max_days sg
data_freshness_anomaly data_freshness Timeliness delay sg
data_staleness data_staleness Timeliness max_days g
data_ingestion_delay data_ingestion_delay Timeliness max_days g
table/accuracy/
total_row_count_match_percent total_row_count_match_percent Accuracy diff_percent s
table/custom_sql/
sql_condition_failed_on_table sql_condition_failed_count Validity max_count sg
sql_condition_passed_percent_on_table sql_condition_passed_percent Validity min_percent g
sql_aggregate_expression_on_table sql_aggregated_expression Reasonableness between_floats g
sql_invalid_record_count_on_table sql_invalid_record_count Validity max_count se
import_custom_result_on_table import_custom_result Validity import_severity -
table/availability/
table_availability table_availability Availability max_failures s
table/schema/
column_count column_count Completeness equals_integer s
column_count_changed column_count Consistency value_changed s
column_list_changed column_list_unordered_hash Consistency value_changed -
column_list_or_order_changed column_list_ordered_hash Consistency value_changed -
column_types_changed column_types_hash Consistency value_changed -
table/uniqueness/
duplicate_record_count duplicate_record_count Uniqueness max_count seg
duplicate_record_percent duplicate_record_percent Uniqueness max_percent seg
table/timeliness/
reload_lag partition_reload_lag Timeliness max_days sg
column/nulls/
nulls_count null_count Completeness max_count seg
nulls_percent null_percent Completeness max_percent seg
nulls_percent_anomaly null_percent Completeness stationary_percent s
not_nulls_count not_null_count Completeness min_count seg
not_nulls_percent not_null_percent Completeness max_percent seg
empty_column_found not_null_count Completeness min_count_1 seg
nulls_percent_change null_percent Completeness change -
nulls_percent_change_1_day null_percent Completeness change_1 -
nulls_percent_change_7_days null_percent Completeness change_7 -
nulls_percent_change_30_days null_percent Completeness change_30 -
column/uniqueness/
distinct_count distinct_count Uniqueness count_between seg
distinct_percent distinct_percent Uniqueness between_percent seg
duplicate_count duplicate_count Uniqueness max_count seg
duplicate_percent duplicate_percent Uniqueness max_percent eg
distinct_count_anomaly distinct_count Consistency differencing s
distinct_percent_anomaly distinct_percent Consistency stationary_percent -
distinct_count_change distinct_count Consistency change eg
distinct_percent_change distinct_percent Consistency change eg
distinct_count_change_1_day distinct_count Consistency change_1 -
distinct_count_change_7_days distinct_count Consistency change_7 -
distinct_count_change_30_days distinct_count Consistency change_30 -
distinct_percent_change_1_day distinct_percent Consistency change_1 -
distinct_percent_change_7_days distinct_percent Consistency change_7 -
distinct_percent_change_30_days distinct_percent Consistency change_30 -
column/accepted_values/
text_found_in_set_percent text_found_in_set_percent Validity min_percent seg
number_found_in_set_percent number_found_in_set_percent Validity min_percent seg
expected_text_values_in_use_count expected_text_values_in_use_count Reasonableness max_missing eg
expected_texts_in_top_values_count expected_texts_in_top_values_count Reasonableness max_missing eg
expected_numbers_in_use_count expected_numbers_in_use_count Reasonableness max_missing eg
text_valid_country_code_percent text_valid_country_code_percent Validity min_percent eg
text_valid_currency_code_percent text_valid_currency_code_percent Validity min_percent eg
column/text/
text_min_length text_min_length Reasonableness between_ints seg
text_max_length text_max_length Reasonableness between_ints seg
text_mean_length text_mean_length Reasonableness between_floats seg
text_length_below_min_length text_length_below_min_length_count Reasonableness max_count eg
text_length_below_min_length_percent text_length_below_min_length_percent Reasonableness max_percent eg
text_length_above_max_length text_length_above_max_length_count Reasonableness max_count eg
text_length_above_max_length_percent text_length_above_max_length_percent Reasonableness max_percent eg
text_length_in_range_percent text_length_in_range_percent Reasonableness min_percent eg
min_word_count min_word_count Reasonableness between_ints seg
max_word_count max_word_count Reasonableness between_ints seg
column/whitespace/
empty_text_found empty_text_count Completeness max_count seg
whitespace_text_found whitespace_text_count Completeness max_count seg
null_placeholder_text_found null_placeholder_text_count Completeness max_count seg
empty_text_percent empty_text_percent Completeness max_percent eg
whitespace_text_percent whitespace_text_percent Completeness max_percent eg
null_placeholder_text_percent null_placeholder_text_percent Completeness max_percent eg
text_surrounded_by_whitespace_found text_surrounded_by_whitespace_count Consistency max_count eg
text_surrounded_by_whitespace_percent text_surrounded_by_whitespace_percent Consistency max_percent eg
column/conversions/
text_parsable_to_boolean_percent text_parsable_to_boolean_percent Validity min_percent seg
text_parsable_to_integer_percent text_parsable_to_integer_percent Validity min_percent seg
text_parsable_to_float_percent text_parsable_to_float_percent Validity min_percent seg
text_parsable_to_date_percent text_parsable_to_date_percent Validity min_percent seg
column/patterns/
text_not_matching_regex_found text_not_matching_regex_count Validity max_count seg
texts_not_matching_regex_percent texts_not_matching_regex_percent Validity max_percent seg
invalid_email_format_found invalid_email_format_count Validity max_count seg
invalid_email_format_percent invalid_email_format_percent Validity max_percent eg
text_not_matching_date_pattern_found text_not_matching_date_pattern_count Validity max_count eg
text_not_matching_date_pattern_percent text_not_matching_date_patterns_percent Validity max_percent eg
text_not_matching_name_pattern_percent text_not_matching_name_pattern_percent Validity max_percent eg
invalid_uuid_format_found invalid_uuid_format_count Validity max_count eg
invalid_uuid_format_percent invalid_uuid_format_percent Validity max_percent eg
invalid_ip4_address_format_found invalid_ip4_address_format_count Validity max_count eg
invalid_ip6_address_format_found invalid_ip6_address_format_count Validity max_count eg
invalid_usa_phone_format_found invalid_usa_phone_count Validity max_count seg
invalid_usa_zipcode_format_found invalid_usa_zipcode_count Validity max_count eg
invalid_usa_phone_format_percent invalid_usa_phone_percent Validity max_percent seg
invalid_usa_zipcode_format_percent invalid_usa_zipcode_percent Validity max_percent eg
column/pii/
contains_usa_phone_percent contains_usa_phone_percent Validity max_percent seg
contains_email_percent contains_email_percent Validity max_percent seg
contains_usa_zipcode_percent contains_usa_zipcode_percent Validity max_percent eg
contains_ip4_percent contains_ip4_percent Validity max_percent eg
contains_ip6_percent contains_ip6_percent Validity max_percent eg
column/numeric/
number_below_min_value number_below_min_value_count Validity max_count seg
number_above_max_value number_above_max_value_count Validity max_count seg
negative_values negative_count Validity max_count seg
negative_values_percent negative_percent Validity max_percent eg
number_below_min_value_percent number_below_min_value_percent Validity max_percent eg
number_above_max_value_percent number_above_max_value_percent Validity max_percent eg
number_in_range_percent number_in_range_percent Reasonableness min_percent eg
integer_in_range_percent integer_in_range_percent Reasonableness min_percent eg
column/range/
min_in_range min_value Reasonableness between_floats eg
max_in_range max_value Reasonableness between_floats eg
column/numeric/
sum_in_range sum Reasonableness between_floats eg
mean_in_range mean Reasonableness between_floats eg
median_in_range percentile Reasonableness between_floats eg
percentile_in_range percentile Reasonableness between_floats eg
percentile_10_in_range percentile Reasonableness between_floats eg
percentile_25_in_range percentile Reasonableness between_floats eg
percentile_75_in_range percentile Reasonableness between_floats eg
percentile_90_in_range percentile Reasonableness between_floats eg
sample_stddev_in_range sample_stddev Reasonableness between_floats eg
population_stddev_in_range population_stddev Reasonableness between_floats eg
sample_variance_in_range sample_variance Reasonableness between_floats eg
population_variance_in_range population_variance Reasonableness between_floats eg
invalid_latitude invalid_latitude_count Validity max_count eg
valid_latitude_percent valid_latitude_percent Validity min_percent eg
invalid_longitude invalid_longitude_count Validity max_count eg
valid_longitude_percent valid_longitude_percent Validity min_percent eg
non_negative_values non_negative_count Validity max_count eg
non_negative_values_percent non_negative_percent Validity max_percent eg
sum_anomaly sum Consistency differencing s
mean_anomaly mean Consistency stationary s
median_anomaly percentile Consistency stationary s
column/range/
min_anomaly min_value Consistency differencing s
max_anomaly max_value Consistency differencing s
column/numeric/
mean_change mean Consistency change -
median_change percentile Consistency change -
sum_change sum Consistency change -
mean_change_1_day mean Consistency change_1 -
mean_change_7_days mean Consistency change_7 -
mean_change_30_days mean Consistency change_30 -
median_change_1_day percentile Consistency change_1 -
median_change_7_days percentile Consistency change_7 -
median_change_30_days percentile Consistency change_30 -
sum_change_1_day sum Consistency change_1 -
sum_change_7_days sum Consistency change_7 -
sum_change_30_days sum Consistency change_30 -
column/datetime/
date_values_in_future_percent date_values_in_future_percent Validity max_percent seg
date_in_range_percent date_in_range_percent Validity min_percent seg
text_match_date_format_percent text_match_date_format_percent Validity min_percent seg
column/bool/
true_percent true_percent Reasonableness between_percent seg
false_percent false_percent Reasonableness between_percent seg
column/integrity/
lookup_key_not_found foreign_key_not_match_count Integrity max_count seg
lookup_key_found_percent foreign_key_match_percent Integrity min_percent eg
column/accuracy/
total_sum_match_percent total_sum_match_percent Accuracy diff_percent s
total_min_match_percent total_min_match_percent Accuracy diff_percent s
total_max_match_percent total_max_match_percent Accuracy diff_percent s
total_average_match_percent total_average_match_percent Accuracy diff_percent s
total_not_null_count_match_percent total_not_null_count_match_percent Accuracy diff_percent s
column/custom_sql/
sql_condition_failed_on_column sql_condition_failed_count Validity max_count seg
sql_condition_passed_percent_on_column sql_condition_passed_percent Validity min_percent eg
sql_aggregate_expression_on_column sql_aggregated_expression Reasonableness between_floats eg
sql_invalid_value_count_on_column sql_invalid_value_count Validity max_count se
import_custom_result_on_column import_custom_result Validity import_severity -
column/datatype/
detected_datatype_in_text string_datatype_detect Consistency detected_datatype_equals seg
detected_datatype_in_text_changed string_datatype_detect Consistency value_changed seg
column/schema/
column_exists column_exists Completeness equals_1 s
column_type_changed column_type_hash Consistency value_changed s
"""

_RULES = {
    "change": "change/change_percent",
    "change_1": "change/change_percent_1_day",
    "change_30": "change/change_percent_30_days",
    "change_7": "change/change_percent_7_days",
    "delay": "percentile/anomaly_timeliness_delay",
    "differencing": "percentile/anomaly_differencing_percentile_moving_average",
    "stationary": "percentile/anomaly_stationary_percentile_moving_average",
    "stationary_percent": "percentile/anomaly_stationary_percent_values",
}
# Checks of daily partitions that have another rule.
_PARTITION_RULES = {
    "distinct_count_anomaly": "percentile/anomaly_stationary_count_values",
    "max_anomaly": "percentile/anomaly_stationary_percentile_moving_average",
    "min_anomaly": "percentile/anomaly_stationary_percentile_moving_average",
    "row_count_anomaly": "percentile/anomaly_partition_row_count",
    "sum_anomaly": "percentile/anomaly_stationary_percentile_moving_average",
}
_ANOMALIES = (("Warning1Pct", 0.1), ("Error05Pct", 0.05), ("Fatal01Pct", 0.01))
_DEFAULTS: Mapping[tuple[str, str], Any] = {
    ("BetweenPercentRuleParametersSpec", "min_percent"): 100.0,
    ("MaxDaysRule7ParametersSpec", "max_days"): 1.0,  # as the real server has it
    ("ColumnNumericMedianSensorParametersSpec", "percentile_value"): 0.5,
}
_SENSOR_DEFAULTS: Mapping[str, Any] = {
    "date_format": "YYYY-MM-DD",
    "max_date": "2099-12-30",
    "max_future_days": 0.0,
    "min_date": "1900-01-02",
}
_OPTIONAL = frozenset(
    {
        "exact_day",
        "expected_datatype",
        "from",
        "max_date",
        "max_future_days",
        "max_value",
        "min_date",
        "min_value",
        "to",
        "use_ai",
    }
)
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


@lru_cache(maxsize=4096)
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


def friendly_name(check_name: str) -> str | None:
    """Name a check for people.

    Args:
        check_name: Its name.

    Returns:
        The name in words; None for a check that the server does not bring with it.
    """
    name = base_name(check_name)
    return name.replace("_", " ").capitalize() if name in _FACTS else None


def default_value(owner: str, parameter: str) -> Any:
    """Tell the value of a parameter that nobody has set.

    Args:
        owner: The schema of the rule or sensor, such as `MinCountRule1ParametersSpec`.
        parameter: The parameter's name.

    Returns:
        The value; None if there is none.
    """
    if parameter == "anomaly_percent":
        percent = next((each for name, each in _ANOMALIES if name in owner), 0.1)
        return percent * 10 if owner.startswith("AnomalyTimeliness") else percent
    if parameter == "exact_day":
        return "1Day" in owner
    if (owner, parameter) in _DEFAULTS:
        return _DEFAULTS[owner, parameter]
    number = re.search(r"Rule(\d+)(Warning|Error|Fatal)?ParametersSpec", owner)
    if number is not None and parameter.startswith(("min_", "max_")):
        value = int(number.group(1))
        return value if parameter.endswith(("_count", "_failures", "_missing")) else float(value)
    number = re.search(r"Percentile(\d+)Sensor", owner)
    if number is not None:
        return int(number.group(1)) / 100
    if owner.startswith("ColumnTextTextLength"):
        return {"min_length": 5, "max_length": 100}.get(parameter)
    if owner.startswith(("ColumnNumericNumberAboveMax", "ColumnNumericNumberBelowMin")):
        return 0.0 if parameter in ("min_value", "max_value") else None
    return _SENSOR_DEFAULTS.get(parameter)


def is_optional(owner: str, parameter: str) -> bool:
    """Tell whether a parameter may be absent.

    Args:
        owner: The schema of the rule or sensor.
        parameter: The parameter's name.

    Returns:
        Whether it may.
    """
    return parameter in _OPTIONAL or owner.startswith("Between")


def display_hint(parameter: str) -> str | None:
    """Tell how people enter a parameter.

    Args:
        parameter: Its name.

    Returns:
        A `DisplayHint`; None for none.
    """
    if parameter == "regex" or parameter.startswith("sql_"):
        return "textarea"
    return {"columns": "column_names", "use_ai": "requires_paid_version"}.get(parameter)


def _read() -> Mapping[str, CheckFacts]:
    facts: dict[str, CheckFacts] = {}
    folder = ""
    for line in _TABLE.strip().split("\n"):
        if line.endswith("/"):
            folder = line
            continue
        name, sensor, dimension, rule, flags = line.split()
        facts[name] = CheckFacts(
            f"{folder}{sensor}",
            dimension,
            _RULES.get(rule, f"comparison/{rule}"),
            is_standard="s" in flags,
            has_samples="e" in flags,
            has_groups="g" in flags,
        )
    return facts


_FACTS = _read()
