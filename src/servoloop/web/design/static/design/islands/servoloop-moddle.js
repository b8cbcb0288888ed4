// What Servoloop adds to BPMN (docs/reference/bpmn-extension.md), as bpmn-moddle must be told: the
// object below is plain JSON, compared with the kernel's reader and writer by a test. Every value is a
// String, because moddle would write a number or a boolean in another spelling than it has read.
export const servoloop = {
  "name": "Servoloop",
  "prefix": "servoloop",
  "uri": "urn:servoloop:bpmn:1",
  "xml": { "tagAlias": "lowerCase" },
  "types": [
    {"name": "Words", "isAbstract": true, "superClass": ["Element"], "properties": [
      {"name": "lang", "isAttr": true, "type": "String"},
      {"name": "text", "isBody": true, "type": "String"}
    ] },
    {"name": "Label", "superClass": ["Words"]},
    {"name": "Help", "superClass": ["Words"]},
    {"name": "Sop", "superClass": ["Words"]},
    {"name": "Description", "superClass": ["Words"]},
    {"name": "Goal", "superClass": ["Words"]},
    {"name": "Step", "superClass": ["Element"], "properties": [
      {"name": "standardTime", "isAttr": true, "type": "String"},
      {"name": "responseTime", "isAttr": true, "type": "String"},
      {"name": "role", "isAttr": true, "type": "String"},
      {"name": "assignment", "isAttr": true, "type": "String"},
      {"name": "owner", "isAttr": true, "type": "String"},
      {"name": "authorityLimit", "isAttr": true, "type": "String"},
      {"name": "costRate", "isAttr": true, "type": "String"},
      {"name": "currency", "isAttr": true, "type": "String"},
      {"name": "valueClass", "isAttr": true, "type": "String"},
      {"name": "layer", "isAttr": true, "type": "String"},
      {"name": "calendar", "isAttr": true, "type": "String"},
      {"name": "waitsForCustomer", "isAttr": true, "type": "String"},
      {"name": "topic", "isAttr": true, "type": "String"},
      {"name": "retries", "isAttr": true, "type": "String"},
      {"name": "sop", "type": "Sop", "isMany": true},
      {"name": "checks", "type": "Check", "isMany": true},
      {"name": "attachments", "type": "Attachment", "isMany": true},
      {"name": "skills", "type": "Skill", "isMany": true},
      {"name": "inputs", "type": "Input", "isMany": true},
      {"name": "outputs", "type": "Output", "isMany": true},
      {"name": "escalation", "type": "Escalation", "isMany": true}
    ] },
    {"name": "Check", "properties": [
      {"name": "required", "isAttr": true, "type": "String"},
      {"name": "labels", "type": "Label", "isMany": true}
    ] },
    {"name": "Attachment", "properties": [
      {"name": "href", "isAttr": true, "type": "String"},
      {"name": "labels", "type": "Label", "isMany": true}
    ] },
    {"name": "Skill", "properties": [
      {"name": "name", "isAttr": true, "type": "String"}
    ] },
    {"name": "FormField", "isAbstract": true, "properties": [
      {"name": "name", "isAttr": true, "type": "String"},
      {"name": "type", "isAttr": true, "type": "String"},
      {"name": "required", "isAttr": true, "type": "String"},
      {"name": "outcome", "isAttr": true, "type": "String"},
      {"name": "minimum", "isAttr": true, "type": "String"},
      {"name": "maximum", "isAttr": true, "type": "String"},
      {"name": "validation", "isAttr": true, "type": "String"},
      {"name": "labels", "type": "Label", "isMany": true},
      {"name": "help", "type": "Help", "isMany": true},
      {"name": "options", "type": "Option", "isMany": true}
    ] },
    {"name": "Input", "superClass": ["FormField"]},
    {"name": "Output", "superClass": ["FormField"]},
    {"name": "Field", "superClass": ["FormField"]},
    {"name": "Option", "properties": [
      {"name": "value", "isAttr": true, "type": "String"},
      {"name": "labels", "type": "Label", "isMany": true}
    ] },
    {"name": "Escalation", "properties": [
      {"name": "role", "isAttr": true, "type": "String"},
      {"name": "within", "isAttr": true, "type": "String"},
      {"name": "calendar", "isAttr": true, "type": "String"}
    ] },
    {"name": "Sheet", "superClass": ["Element"], "properties": [
      {"name": "owner", "isAttr": true, "type": "String"},
      {"name": "calendar", "isAttr": true, "type": "String"},
      {"name": "currency", "isAttr": true, "type": "String"},
      {"name": "internal", "isAttr": true, "type": "String"},
      {"name": "approval", "isAttr": true, "type": "String"},
      {"name": "descriptions", "type": "Description", "isMany": true},
      {"name": "goals", "type": "Goal", "isMany": true},
      {"name": "kpis", "type": "Kpi", "isMany": true},
      {"name": "serviceLevels", "type": "ServiceLevel", "isMany": true}
    ] },
    {"name": "Kpi", "properties": [
      {"name": "name", "isAttr": true, "type": "String"},
      {"name": "target", "isAttr": true, "type": "String"}
    ] },
    {"name": "ServiceLevel", "properties": [
      {"name": "metric", "isAttr": true, "type": "String"},
      {"name": "within", "isAttr": true, "type": "String"},
      {"name": "calendar", "isAttr": true, "type": "String"}
    ] },
    {"name": "Form", "superClass": ["Element"], "properties": [
      {"name": "fields", "type": "Field", "isMany": true}
    ] },
    {"name": "Waiver", "superClass": ["Element"], "properties": [
      {"name": "rule", "isAttr": true, "type": "String"},
      {"name": "by", "isAttr": true, "type": "String"},
      {"name": "text", "isBody": true, "type": "String"}
    ] },
    {"name": "Assign", "superClass": ["Element"], "properties": [
      {"name": "variable", "isAttr": true, "type": "String"},
      {"name": "text", "isBody": true, "type": "String"}
    ] },
    {"name": "Decide", "superClass": ["Element"], "properties": [
      {"name": "decision", "isAttr": true, "type": "String"},
      {"name": "variable", "isAttr": true, "type": "String"}
    ] },
    {"name": "Decisions", "superClass": ["Element"], "properties": [
      {"name": "models", "type": "Element", "isMany": true}
    ] },
    {"name": "OwnLane", "extends": ["bpmn:Lane"], "properties": [
      {"name": "role", "isAttr": true, "type": "String"}
    ] },
    {"name": "OwnProcess", "extends": ["bpmn:Process"], "properties": [
      {"name": "profile", "isAttr": true, "type": "String"}
    ] },
    {"name": "OwnTimer", "extends": ["bpmn:TimerEventDefinition"], "properties": [
      {"name": "isWorkingTime", "isAttr": true, "type": "String"}
    ] },
    {"name": "OwnMessageEvent", "extends": ["bpmn:MessageEventDefinition"], "properties": [
      {"name": "correlationKey", "isAttr": true, "type": "String"},
      {"name": "payload", "isAttr": true, "type": "String"}
    ] },
    {"name": "OwnReceiveTask", "extends": ["bpmn:ReceiveTask"], "properties": [
      {"name": "correlationKey", "isAttr": true, "type": "String"}
    ] },
    {"name": "OwnSendTask", "extends": ["bpmn:SendTask"], "properties": [
      {"name": "correlationKey", "isAttr": true, "type": "String"},
      {"name": "payload", "isAttr": true, "type": "String"}
    ] },
    {"name": "OwnMessage", "extends": ["bpmn:Message"], "properties": [
      {"name": "correlationKey", "isAttr": true, "type": "String"}
    ] },
    {"name": "OwnScriptTask", "extends": ["bpmn:ScriptTask"], "properties": [
      {"name": "resultVariable", "isAttr": true, "type": "String"}
    ] }
  ]
};
