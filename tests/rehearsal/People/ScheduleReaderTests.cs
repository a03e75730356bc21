using System.Text.Json.Nodes;
using Deployer.Rehearsal.People;

namespace Deployer.Rehearsal.Tests.People;

/// <summary>Schedule files: what they may say, and what is refused before anything runs.</summary>
public sealed class ScheduleReaderTests : IDisposable
{
    private static readonly ScheduleNames Names = new(
        new Dictionary<string, IReadOnlyList<string>> { ["group"] = ["PrepareStack"], ["ions"] = ["PushIons"] },
        ["Finish", "PrepareStack", "PushIons", "Resume"],
        ["Finish", "PrepareStack", "PushIons"],
        new Dictionary<string, string> { ["target"] = "dev" }
    )
    {
        Absent = ["DeployService"],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-schedule-").FullName;

    private string File => Path.Combine(_folder, "schedule.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_a_file_that_is_no_YAML_it_says_what_is_expected()
    {
        var message = Should.Throw<ScheduleException>(() => Read("a: [\n")).Message;

        message.ShouldContain("schedule.yaml:2:1: the YAML cannot be read: ");
        message.ShouldEndWith("; expected valid YAML");
    }

    [Fact]
    public void Every_trigger_and_everything_that_can_be_done_is_read()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "next"));

        var schedule = Read(
            """
            people:
              alice:
              bob: { may: [ "states:StopExecution", "cloudformation:*" ] }
            schedule:
              - { who: alice, when: { at: 1h2m3.5s }, do: stop }
              - { who: bob, when: { begins: group }, do: { redrive: { deployment: 2 } } }
              - { who: bob, when: { ends: ions/PushIons, wait: 200ms }, do: { deploy: { service: next, steps: [ group ] } } }
              - { who: bob, when: { begins: Finish }, do: { createChangeSet: { stack: "i-${target}", name: mine, tags: { A: "" } } } }
              - { who: bob, when: { closes: 2, occurrence: 3 }, do: { executeChangeSet: { stack: s, name: mine } } }
              - { who: bob, when: { ends: group }, do: { changeStack: { stack: s, parameters: { Size: 3 } } } }
              - { who: bob, when: { at: 0s }, do: { deleteStack: { stack: s } } }
              - { who: bob, when: { at: 5s }, do: { moveAlias: { function: f, alias: live, version: 3 } } }
              - { who: bob, when: { at: 5s }, do: { setVariables: { function: f, variables: { A: b } } } }
              - { who: bob, when: { at: 5s }, do: { turnOff: { group: "inventory-${target}" } } }
              - { who: bob, when: { at: 6s }, do: { changeResource: { stack: s, resource: Log, properties: { Days: 7, Name: null } } } }
              - { who: bob, when: { request: 3, of: Resume, invocation: 2, operation: states:SendTaskSuccess }, do: kill }
              - { who: bob, when: { request: 3, of: Finish }, do: { delay: { by: 20s } } }
              - { who: bob, when: { request: 2, of: build, invocation: 1 }, do: { pause: { for: 1m } } }
              - { who: bob, when: { request: 1, of: alice }, do: { pause: { for: 2s } } }
              - { who: bob, when: { at: 9s }, do: { readStale: { operation: cloudformation:DescribeStacks, for: 59s } } }
              - { who: bob, when: { at: 2m }, do: { kill: { function: PrepareStack } } }
              - { who: bob, when: { at: 3m }, do: approve }
              - { who: bob, when: { at: 3m }, do: { reject: { plan: one, reason: not today } } }
            """
        );

        schedule.People.Select(person => (person.Name, person.Actions?.Count)).ShouldBe([("alice", null), ("bob", 2)]);
        schedule
            .Acts.Select(act => $"{act.Who}: {act.Do} ({act.When})")
            .ShouldBe([
                "alice: stop deployment 1 (at 1h2m3.5s)",
                "bob: redrive deployment 2 (group begins)",
                "bob: deploy next, steps group (0.2s after ions/PushIons ends)",
                "bob: create the change set mine of stack i-dev (Finish begins)",
                "bob: execute the change set mine of stack s (deployment 2 closes for time 3)",
                "bob: change stack s (group ends)",
                "bob: delete stack s (at 0s)",
                "bob: point alias live of function f at version 3 (at 5s)",
                "bob: set A of function f (at 5s)",
                "bob: turn group inventory-dev off (at 5s)",
                "bob: change Days, Name of Log of stack s (at 6s)",
                "bob: kill the invocation (request 3 of Resume in invocation 2 for states:SendTaskSuccess)",
                "bob: delay the answer by 20s (request 3 of Finish)",
                "bob: pause the invocation for 1m (request 2 of build in invocation 1)",
                "bob: pause the invocation for 2s (request 1 of alice)",
                "bob: have cloudformation:DescribeStacks answer as before for 59s (at 9s)",
                "bob: kill the invocations of PrepareStack (at 2m)",
                "bob: approve the plan that waits (at 3m)",
                "bob: reject plan one (at 3m)",
            ]);
        ((PersonAct.CreateChangeSet)schedule.Acts[3].Do).Change.Tags.ShouldBe(new Dictionary<string, string> { ["A"] = "" });
        ((PersonAct.Deploy)schedule.Acts[2].Do).Service.ShouldBe(Path.Combine(_folder, "next"));
        schedule.Acts[2].Position.ShouldBe($"{File}:7:5");
    }

    [Fact]
    public void Who_is_not_named_is_somebody_and_an_administrator()
    {
        var schedule = Read("schedule: [ { when: { at: 1s }, do: stop } ]");

        schedule.People.ShouldBe([new Person("somebody", null)]);
        schedule.Acts[0].Who.ShouldBe("somebody");
    }

    [Fact]
    public void A_value_that_is_written_into_a_function_is_in_no_words() =>
        Read("schedule: [ { when: { at: 1s }, do: { setVariables: { function: f, variables: { PASSWORD: hunter2 } } } } ]")
            .Acts[0]
            .Do.ToString()
            .ShouldNotContain("hunter2");

    [Theory]
    [InlineData("", "1:1: the file holds 0 documents")]
    [InlineData("   \n# nothing\n", "1:1: the file holds 0 documents")]
    [InlineData("---\nschedule: []\n---\nschedule: []", "1:1: the file holds 2 documents")]
    [InlineData("[]", "1:1: not a mapping")]
    [InlineData("schedule: []", "1:11: the schedule is empty")]
    [InlineData("schedule:", "1:10: the schedule is empty")]
    [InlineData("people: { a: }", "1:1: the key 'schedule' is missing")]
    [InlineData("schedule: [ {} ]\nevents: 1", "2:1: unknown key 'events'; expected people, schedule")]
    [InlineData("schedule: [ {} ]\nschedule: [ {} ]", "2:1: the YAML cannot be read: Duplicate key")]
    [InlineData("schedule: [ { when: { at: 1s, at: 2s }, do: stop } ]", "1:31: the YAML cannot be read: Duplicate key")]
    [InlineData("schedule: [ { when: { at: 1s }, do: stop", "2:1: the YAML cannot be read: While parsing a flow mapping")]
    [InlineData(
        "schedule: [ { when: { at: &a 1s }, do: *b } ]",
        "1:40: the YAML cannot be read: the alias *b stands for nothing before it; expected"
    )]
    [InlineData("schedule: [ stop ]", "1:13: not a mapping; expected a mapping with 'when' and 'do'")]
    [InlineData("schedule: [ { when: { at: 1s } } ]", "1:13: the key 'do' is missing")]
    [InlineData("schedule: [ { do: stop } ]", "1:13: the key 'when' is missing")]
    [InlineData("schedule: [ { when: 12s, do: stop } ]", "1:21: not a mapping")]
    [InlineData("schedule: [ { when: {}, do: stop } ]", "1:21: no trigger; expected one of at, begins, ends, closes, request")]
    [InlineData("schedule: [ { when: { at: 1s, begins: group }, do: stop } ]", "1:21: at and begins together")]
    [InlineData("schedule: [ { when: { at: 1s, wait: 1s }, do: stop } ]", "1:31: 'wait' does not go with 'at'; expected 'at' alone")]
    [InlineData("schedule: [ { when: { begins: group, of: Resume }, do: stop } ]", "1:38: 'of' does not go with 'begins'; expected wait")]
    [InlineData("schedule: [ { when: { at: -1s }, do: stop } ]", "1:27: -1s is negative")]
    [InlineData("schedule: [ { when: { begins: group, wait: -5m }, do: stop } ]", "1:44: -5m is negative")]
    [InlineData("schedule: [ { when: { at: 5 }, do: stop } ]", "1:27: '5' is no length of time")]
    [InlineData("schedule: [ { when: { at: 1e9s }, do: stop } ]", "1:27: '1e9s' is no length of time")]
    [InlineData("schedule: [ { when: { at: 9999h }, do: stop } ]", "1:27: '9999h' is more than 48h")]
    [InlineData("schedule: [ { when: { at: 99999999999999999999h }, do: stop } ]", "1:27: '99999999999999999999h' is more than 48h")]
    [InlineData("schedule: [ { when: { at: 99999h }, do: stop } ]", "1:27: '99999h' is more than 48h")]
    [InlineData("schedule: [ { when: { at: 9999999999ms }, do: stop } ]", "1:27: '9999999999ms' is more than 48h")]
    [InlineData(
        "schedule: [ { when: { begins: grop }, do: stop } ]",
        "1:31: there is no step or task 'grop'; expected one of group, ions, "
    )]
    [InlineData(
        "schedule: [ { when: { begins: group/Resume }, do: stop } ]",
        "1:31: the step 'group' has no task 'Resume'; expected one of PrepareStack"
    )]
    [InlineData(
        "schedule: [ { when: { begins: ions/PrepareStack }, do: stop } ]",
        "1:31: the step 'ions' has no task 'PrepareStack'; expected one of PushIons"
    )]
    [InlineData(
        "schedule: [ { when: { ends: group/Finish }, do: stop } ]",
        "1:29: the step 'group' has no task 'Finish'; expected one of PrepareStack"
    )]
    [InlineData("schedule: [ { when: { ends: grop/Finish }, do: stop } ]", "1:29: there is no step 'grop'")]
    [InlineData("schedule: [ { when: { begins: Resume }, do: stop } ]", "1:31: there is no step or task 'Resume'")]
    [InlineData("schedule: [ { when: { begins: [ group ] }, do: stop } ]", "1:31: expected a text")]
    [InlineData("schedule: [ { when: { begins: \"${stage}\" }, do: stop } ]", "1:31: ${stage} is not known; expected one of target")]
    [InlineData("schedule: [ { when: { closes: 0 }, do: stop } ]", "1:31: '0' is no count; expected a whole number from 1")]
    [InlineData("schedule: [ { when: { request: -1, of: Resume }, do: stop } ]", "1:32: '-1' is no count")]
    [InlineData("schedule: [ { when: { request: 1.5, of: Resume }, do: stop } ]", "1:32: '1.5' is no count")]
    [InlineData("schedule: [ { when: { request: 4294967296, of: Resume }, do: stop } ]", "1:32: '4294967296' is no count")]
    [InlineData("schedule: [ { when: { request: 1 }, do: stop } ]", "1:21: the key 'of' is missing")]
    [InlineData("schedule: [ { when: { request: 1, of: Resum }, do: stop } ]", "1:39: there is no function, build or person 'Resum'")]
    [InlineData("schedule: [ { when: { request: 1, of: Resume, operation: kill }, do: stop } ]", "1:58: 'kill' is not a service and its")]
    [InlineData("schedule: [ { when: { at: 1s }, do: stap } ]", "1:37: 'stap' is not known; expected one of stop, redrive")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { stop: , redrive: } } ]", "1:37: not one thing to do")]
    [InlineData("schedule: [ { when: { at: 1s }, do: [ stop ] } ]", "1:37: not one thing to do")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { stop: { step: group } } } ]", "1:47: unknown key 'step'; expected deployment")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { deploy: { steps: [ grop ] } } } ]", "1:58: there is no step 'grop'")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { deploy: { steps: [] } } } ]", "1:56: expected a list, each a step")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { deploy: { service: nowhere } } } ]", "1:58: there is no folder 'nowhere'")]
    [InlineData("schedule: [ { when: { at: 1s }, do: deleteStack } ]", "1:37: the key 'stack' is missing")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { deleteStack: { stack: \"a b\" } } } ]", "1:61: 'a b' is not a stack's name")]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { reject: { reason: \"a\\eb\" } } } ]",
        "1:57: the reason is too long or has a control"
    )]
    [InlineData("schedule: [ { when: { at: 1s }, do: { changeStack: { stack: s } } } ]", "1:37: nothing is changed")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { setVariables: { function: f } } } ]", "1:37: no variable is set")]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { changeResource: { stack: s, resource: R } } } ]",
        "1:37: no property is changed; expected the key 'properties' with a mapping"
    )]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { changeResource: { stack: s, resource: R.S, properties: { A: 1 } } } } ]",
        "1:77: 'R.S' is not a resource's logical id"
    )]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { moveAlias: { function: f, alias: 7, version: 1 } } } ]",
        "1:72: '7' is not an alias"
    )]
    [InlineData("schedule: [ { when: { at: 1s }, do: kill } ]", "1:37: there is no invocation to kill")]
    [InlineData("schedule: [ { when: { request: 1, of: build }, do: kill } ]", "1:52: there is no invocation to kill")]
    [InlineData("schedule: [ { who: ann, when: { request: 1, of: ann }, do: kill } ]", "1:60: there is no invocation to kill")]
    [InlineData("schedule:\n\t- { when: { at: 1s }, do: stop }", "2:1: the YAML cannot be read: the indentation has a tab; expected")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { delay: { by: 1s } } } ]", "1:37: there is no answer to delay")]
    [InlineData("schedule: [ { when: { request: 1, of: Finish }, do: { delay: { by: -1s } } } ]", "1:68: -1s is negative")]
    [InlineData("schedule: [ { when: { at: 1s }, do: { pause: { for: 1s } } } ]", "1:37: there is no invocation to pause")]
    [InlineData(
        "schedule: [ { when: { request: 1, of: Finish, wait: 1s }, do: { pause: { for: 1s } } } ]",
        "1:63: there is no invocation to pause"
    )]
    [InlineData("schedule: [ { when: { request: 1, of: Finish }, do: pause } ]", "1:53: the key 'for' is missing")]
    [InlineData("schedule: [ { when: { request: 1, of: Finish }, do: delay } ]", "1:53: the key 'by' is missing")]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: readStale } ]",
        "1:37: the key 'operation' is missing; expected one of cloudformation:"
    )]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { readStale: { operation: sts:AssumeRole, for: 1s } } } ]",
        "1:63: there is no read that may be stale 'sts:AssumeRole'; expected one of cloudformation:DescribeStacks, "
    )]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { readStale: { operation: cloudformation:ListStacks } } } ]",
        "1:37: the key 'for' is missing"
    )]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { readStale: { operation: cloudformation:ListStacks, for: 1m } } } ]",
        "1:95: 1m is more than 59s"
    )]
    [InlineData("people: { alice: }\nschedule: [ { who: bob, when: { at: 1s }, do: stop } ]", "2:20: 'bob' is none of the people")]
    [InlineData("people: { \"a/b\": }\nschedule: [ { when: { at: 1s }, do: stop } ]", "1:11: 'a/b' is not a name")]
    [InlineData("people: { a: { may: [ states ] } }\nschedule: [ { who: a, when: { at: 1s }, do: stop } ]", "1:23: 'states' is not an IAM")]
    [InlineData(
        "schedule: [ { when: { begins: DeployService }, do: stop } ]",
        "1:31: no step of the service has the task 'DeployService'; expected one of group, ions, "
    )]
    [InlineData(
        "schedule: [ { when: { request: 1, of: DeployService }, do: kill } ]",
        "1:39: no step of the service has the task 'DeployService'"
    )]
    [InlineData(
        "schedule: [ { when: { at: 1s }, do: { kill: { function: DeployService } } } ]",
        "1:57: no step of the service has the task 'DeployService'"
    )]
    [InlineData("schedule: [ { who: build, when: { at: 1s }, do: stop } ]", "1:20: 'build' is what 'of' calls builds")]
    [InlineData("people: { Resume: }\nschedule: [ { when: { at: 1s }, do: stop } ]", "1:11: 'Resume' is what 'of' calls a function")]
    [InlineData("people: []\nschedule: [ { when: { at: 1s }, do: stop } ]", "1:9: expected a mapping of names")]
    public void What_is_wrong_is_refused_with_its_position(string text, string fault) =>
        Should.Throw<ScheduleException>(() => Read(text)).Message.Split('\n').ShouldContain(line => line.StartsWith($"{File}:{fault}"));

    [Fact]
    public void Everything_that_is_wrong_is_reported_at_once() =>
        Should
            .Throw<ScheduleException>(() =>
                Read(
                    """
                    schedule:
                      - { when: { begins: grop, wait: -3s }, do: stap }
                      - { when: { at: never }, do: { stop: { deployment: first } } }
                    """
                )
            )
            .Message.Split('\n')
            .Select(line => line[(File.Length + 1)..].Split(": ", 2)[0])
            .ShouldBe(["2:23", "2:35", "2:46", "3:19", "3:54"]);

    [Fact]
    public void What_is_wrong_with_what_is_deployed_is_reported_with_the_rest_and_the_line_that_deploys_it()
    {
        System.IO.File.WriteAllText(File, "schedule:\n  - { when: { at: 1s }, do: deploy }\n  - { when: { at: never }, do: stop }\n");

        Should
            .Throw<ScheduleException>(() => ScheduleReader.Read(File, Names, act => act.Do is PersonAct.Deploy ? ["one", "two"] : []))
            .Message.Split('\n')
            .Select(line => line[(File.Length + 1)..])
            .ShouldBe(["2:5: one", "2:5: two", "3:19: 'never' is no length of time; " + ScheduleTime.Expected]);
    }

    /// <summary>What is refused is not offered either.</summary>
    [Fact]
    public void A_name_that_is_refused_is_in_no_list() =>
        Should
            .Throw<ScheduleException>(() =>
                Read("schedule: [ { who: Resume, when: { request: 1, of: nobody }, do: kill }, { who: ann, when: { at: 1s }, do: stop } ]")
            )
            .Message.ShouldEndWith("expected one of Finish, PrepareStack, PushIons, Resume, build, ann");

    [Theory]
    [InlineData("people: { ann: }\nschedule: [ { who: bob, when: { request: 1, of: nobody }, do: kill } ]", "Resume, build, ann")]
    [InlineData("schedule: [ { who: a/b, when: { request: 1, of: nobody }, do: kill } ]", "Resume, build")]
    public void Who_may_not_act_is_in_no_list(string text, string offered) =>
        Should
            .Throw<ScheduleException>(() => Read(text))
            .Message.Split('\n')
            .ShouldContain(line => line.EndsWith($"'nobody'; expected one of Finish, PrepareStack, PushIons, {offered}"));

    /// <summary>An editor that reads the schema says of a trigger's keys what the program says.</summary>
    [Fact]
    public void The_schema_has_the_keys_that_go_with_each_trigger()
    {
        var schema = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Root, "docs", "schedule.schema.json")))!;
        foreach (var branch in schema["definitions"]!["when"]!["oneOf"]!.AsArray())
        {
            var trigger = branch!["required"]![0]!.GetValue<string>();
            var allowed = branch["propertyNames"]!["enum"]!.AsArray().Select(key => key!.GetValue<string>()).ToList();
            foreach (var key in ScheduleNodes.Keys["when"].Except(["at", "begins", "ends", "closes", "request"]))
            {
                var value = key switch
                {
                    "wait" => "1s",
                    "of" => "Resume",
                    "operation" => "ecs:UpdateService",
                    _ => "2",
                };
                var own = trigger switch
                {
                    "at" => "at: 1s",
                    "closes" => "closes: 1",
                    "request" => "request: 1",
                    _ => $"{trigger}: group",
                };
                var of = trigger == "request" && key != "of" ? ", of: Resume" : string.Empty;
                var isRead = true;
                try
                {
                    Read($"schedule: [ {{ when: {{ {own}{of}, {key}: \"{value}\" }}, do: stop }} ]");
                }
                catch (ScheduleException)
                {
                    isRead = false;
                }

                isRead.ShouldBe(allowed.Contains(key), $"{trigger} with {key}");
            }
        }
    }

    [Fact]
    public void A_file_that_is_not_there_and_one_that_is_a_folder_are_refused()
    {
        Should.Throw<ScheduleException>(() => ScheduleReader.Read(File, Names)).Message.ShouldContain("there is no such file");
        Should
            .Throw<ScheduleException>(() => ScheduleReader.Read(_folder, Names))
            .Message.ShouldBe($"{_folder}: it is a folder; expected a file");
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused() =>
        Should.Throw<ScheduleException>(() => Read(new string('#', (1 << 20) + 1))).Message.ShouldContain("more than 1048576 bytes");

    [Fact]
    public void Aliases_that_repeat_one_another_end_in_time() =>
        Should
            .Throw<ScheduleException>(() =>
                Read(
                    "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                        + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\nschedule: [ *d ]"
                )
            )
            .Message.ShouldContain("unknown key 'a'");

    [Fact]
    public void The_schema_has_the_keys_that_are_read()
    {
        var schema = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Repository.Root, "docs", "schedule.schema.json")))!;
        var verbs = schema["definitions"]!["do"]!["anyOf"]![1]!["properties"]!.AsObject();

        Keys(schema).ShouldBe(ScheduleNodes.Keys["file"]);
        foreach (var part in new[] { "person", "act", "when" })
        {
            Keys(schema["definitions"]![part]!).ShouldBe(ScheduleNodes.Keys[part], part);
        }

        verbs.Select(verb => verb.Key).ShouldBe(ScheduleNodes.Verbs);
        foreach (var (verb, node) in verbs)
        {
            Keys(node!).ShouldBe(ScheduleNodes.Keys[verb], verb);
        }

        static IEnumerable<string> Keys(JsonNode node) => node["properties"]!.AsObject().Select(property => property.Key);
    }

    [Fact]
    public void A_file_that_is_nested_deeper_than_a_stack_allows_is_refused() =>
        Should
            .Throw<ScheduleException>(() => Read($"schedule: {new string('[', 50_000)}"))
            .Message.ShouldContain("nesting is deeper than 64");

    private Schedule Read(string text)
    {
        System.IO.File.WriteAllText(File, text);
        return ScheduleReader.Read(File, Names);
    }
}
