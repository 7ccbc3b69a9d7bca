//! What Aurora's customers wrote and what its people noted. Aurora sells lamps, air sensors and purifiers
//! for offices, with service contracts.

/// A ticket's subject and what the customer said.
pub type Case = (&'static str, &'static str);

/// Tickets by the customer's language; who writes French or German is answered in English.
pub fn cases(language: &str) -> &'static [Case] {
    match language {
        "es" => SPANISH_CASES,
        "zh" => CHINESE_CASES,
        _ => ENGLISH_CASES,
    }
}

/// Notes that agents leave on a contact.
pub fn notes(language: &str) -> &'static [&'static str] {
    match language {
        "es" => SPANISH_NOTES,
        "zh" => CHINESE_NOTES,
        _ => ENGLISH_NOTES,
    }
}

/// How a ticket went on, in the order of writing.
pub fn progress(language: &str) -> &'static [&'static str] {
    match language {
        "es" => &[
            "Reproducido con el número de serie que nos ha dado. Pasa a taller.",
            "Pieza pedida al almacén; llega en dos días.",
            "El cliente confirma que ya funciona.",
        ],
        "zh" => &["已核对序列号，转维修部门。", "配件已下单，两天内到货。", "客户确认问题已解决。"],
        _ => &[
            "Reproduced with the serial number given. Passed to the workshop.",
            "Part ordered from the warehouse; two days.",
            "The customer confirms that it works again.",
        ],
    }
}

/// A lead's title by the contact's language.
pub fn lead_titles(language: &str) -> &'static [&'static str] {
    match language {
        "es" => &[
            "Iluminación de la segunda planta",
            "Sensores de CO₂ para doce salas",
            "Contrato de mantenimiento anual",
            "Purificadores para recepción",
            "Ampliación a la sede nueva",
        ],
        "zh" => &["二楼照明改造", "十二间会议室的二氧化碳传感器", "年度维护合同", "前台空气净化器"],
        _ => &[
            "Lighting for the second floor",
            "CO₂ sensors for twelve rooms",
            "Yearly service contract",
            "Purifiers for the reception",
            "Extension to the new site",
        ],
    }
}

const SPANISH_CASES: &[Case] = &[
    (
        "Cargo que no reconozco en la factura",
        "En la factura de este mes aparecen 120 € de un servicio que no pedimos.",
    ),
    ("La lámpara Boreal parpadea", "Desde ayer parpadea cada pocos minutos, también en otro enchufe."),
    ("Pedido 4719 sin entregar", "Tenía que llegar el martes y el seguimiento no cambia."),
    (
        "Cambio de cuenta bancaria",
        "Queremos domiciliar los recibos en otra cuenta a partir del mes que viene.",
    ),
    (
        "Sensor de aire sin conexión",
        "El sensor de la sala de juntas ya no envía datos desde el cambio de router.",
    ),
    (
        "Filtro de repuesto para Céfiro 2",
        "¿Qué filtro corresponde al modelo Céfiro 2 y en qué plazo lo envían?",
    ),
    ("Duplicado de la factura de marzo", "Necesitamos la factura de marzo con el CIF corregido."),
    ("Visita del técnico anulada", "El técnico no vino el jueves y nadie nos avisó."),
];
const ENGLISH_CASES: &[Case] = &[
    (
        "Order 4719 has not arrived",
        "It should have been here on Tuesday; the tracking page has not changed since.",
    ),
    ("Boreal lamp flickers", "It flickers every few minutes, on another socket too."),
    ("Charged twice for the service contract", "The March statement shows the yearly fee twice."),
    ("Air sensor offline", "The sensor in the board room stopped reporting when we changed the router."),
    ("Which filter fits the Zephyr 2?", "We need four spare filters before the end of the month."),
    ("Please correct our address", "Invoices still go to the old office."),
    ("Purifier is too loud at night", "Even on the lowest step it can be heard next door."),
    ("Engineer did not come", "We waited on Thursday from nine to one and nobody called."),
];
const CHINESE_CASES: &[Case] = &[
    ("设备今天早上无法启动", "上个月买的设备，重新启动过两次，还是一样。"),
    ("订单 4719 还没有收到", "原定星期二送达，物流信息一直没有更新。"),
    ("发票抬头需要更正", "三月份的发票抬头写错了，请重新开具。"),
    ("空气传感器离线", "更换路由器以后，会议室的传感器不再上传数据。"),
    ("滤芯型号咨询", "和风二代用哪一种滤芯？多久可以寄到？"),
];

const SPANISH_NOTES: &[&str] = &[
    "Prefiere que le llamemos por la tarde.",
    "Pide que las facturas lleguen por correo electrónico.",
    "Está comparando ofertas; decide a final de mes.",
    "Muy contento con la última instalación.",
    "Habla también inglés.",
    "Avisar siempre antes de una visita: hay que abrir el almacén.",
];
const ENGLISH_NOTES: &[&str] = &[
    "Prefers to be called in the afternoon.",
    "Wants invoices by e-mail only.",
    "Is comparing offers and decides at the end of the month.",
    "Very happy with the last installation.",
    "Ring the side door; the front desk closes at four.",
    "Asked for the catalogue of the new lamps.",
];
const CHINESE_NOTES: &[&str] = &[
    "希望下午联系。",
    "发票请发电子邮件。",
    "正在比较报价，月底决定。",
    "对上次的安装服务很满意。",
    "上门前请提前一天电话通知。",
];
