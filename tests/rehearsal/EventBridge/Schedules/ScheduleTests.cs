using System.Globalization;
using Deployer.Rehearsal.EventBridge.Schedules;

namespace Deployer.Rehearsal.Tests.EventBridge.Schedules;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("rate(1 minute)", "2040-01-01T00:01")]
    [InlineData("rate(5 minutes)", "2040-01-01T00:05")]
    [InlineData("rate(1 hour)", "2040-01-01T01:00")]
    [InlineData("rate(2 days)", "2040-01-03T00:00")]
    [InlineData("cron(0 10 * * ? *)", "2040-01-01T10:00")]
    [InlineData("cron(0/5 * * * ? *)", "2040-01-01T00:05")]
    [InlineData("cron(15,45 0 * * ? *)", "2040-01-01T00:15")]
    [InlineData("cron(0 12 ? * MON-FRI *)", "2040-01-02T12:00")]
    [InlineData("cron(0 0 ? * 1 *)", "2040-01-08T00:00")]
    [InlineData("cron(0 8 1 * ? *)", "2040-01-01T08:00")]
    [InlineData("cron(0 8 L * ? *)", "2040-01-31T08:00")]
    [InlineData("cron(0 8 1W * ? *)", "2040-01-02T08:00")]
    [InlineData("cron(0 8 LW 3 ? *)", "2040-03-30T08:00")]
    [InlineData("cron(0 8 ? * 6L *)", "2040-01-27T08:00")]
    [InlineData("cron(0 8 ? * TUE#2 *)", "2040-01-10T08:00")]
    [InlineData("cron(0 8 29 FEB ? *)", "2040-02-29T08:00")]
    [InlineData("cron(0 0 1 1 ? 2041-2043)", "2041-01-01T00:00")]
    [InlineData("cron(0 22-2 * * ? *)", "2040-01-01T01:00")]
    public void The_next_moment_is_the_first_one_later(string expression, string expected) =>
        Schedule
            .Parse(expression)
            .Next(DateTimeOffset.Parse("2040-01-01T00:00Z", CultureInfo.InvariantCulture))
            .ShouldBe(DateTimeOffset.Parse(expected + "Z", CultureInfo.InvariantCulture));

    [Fact]
    public void A_schedule_of_past_years_has_no_next_moment() =>
        Schedule.Parse("cron(0 0 1 1 ? 2020)").Next(new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)).ShouldBeNull();

    [Fact]
    public void A_rate_beyond_the_calendar_has_no_next_moment() =>
        Schedule.Parse("rate(10000000 days)").Next(new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero)).ShouldBeNull();

    [Theory]
    [InlineData("rate(1 minutes)")]
    [InlineData("rate(5 minute)")]
    [InlineData("rate(0 minutes)")]
    [InlineData("rate(5 weeks)")]
    [InlineData("rate(999999999 days)")]
    [InlineData("cron(0 10 * * * *)")]
    [InlineData("cron(0 10 ? * ? *)")]
    [InlineData("cron(0 10 * * ?)")]
    [InlineData("cron(60 10 * * ? *)")]
    [InlineData("at(2040-01-01T00:00:00)")]
    [InlineData("5 minutes")]
    public void What_is_no_schedule_is_refused(string expression) => Should.Throw<FormatException>(() => Schedule.Parse(expression));
}
